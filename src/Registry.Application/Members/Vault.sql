-- :side vault
-- Who a member is. One row per (member, representative); the key of each row stands wrapped, and the wrapping key is not here.
CREATE TABLE vault (
    member          uuid  PRIMARY KEY,
    representative  uuid  NOT NULL,
    subject_index   bytea,
    reference_index bytea,
    wrapped_key     bytea NOT NULL,
    sealed          bytea NOT NULL
);
CREATE INDEX vault_by_subject ON vault (subject_index);
CREATE UNIQUE INDEX vault_of_themselves ON vault (subject_index) WHERE representative = '00000000-0000-0000-0000-000000000000';
CREATE UNIQUE INDEX vault_by_reference ON vault (representative, reference_index);
-- :query by_subjects
SELECT member, representative, subject_index, reference_index, wrapped_key, sealed FROM vault WHERE subject_index = ANY($1)
-- :query by_references
SELECT member, representative, subject_index, reference_index, wrapped_key, sealed FROM vault WHERE representative = $1 AND reference_index = ANY($2)
-- :query of_members
SELECT member, representative, subject_index, reference_index, wrapped_key, sealed FROM vault WHERE member = ANY($1)
-- :query make
INSERT INTO vault (member, representative, subject_index, wrapped_key, sealed) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING
-- :query change
UPDATE vault SET sealed = $2 WHERE member = $1 AND sealed = $3
-- :query due
-- The rows of people whose mandates have all been over for long enough, with their own row where nothing else is left of them.
WITH over AS (
    SELECT v.member, v.subject_index, max(m.over_from) AS until FROM vault v JOIN mandates m ON m.member = v.member
    WHERE length(v.wrapped_key) > 0 AND NOT EXISTS (SELECT FROM request_lines l WHERE l.member = v.member AND l.account IS NOT NULL) AND NOT EXISTS (SELECT FROM line_answers a WHERE a.member = v.member)
    GROUP BY v.member, v.subject_index HAVING max(m.over_from) < $1)
SELECT o.member, o.until FROM over o
UNION ALL
SELECT t.member, max(o.until) FROM vault t JOIN over o ON o.subject_index = t.subject_index
WHERE length(t.wrapped_key) > 0 AND t.representative = '00000000-0000-0000-0000-000000000000'
  AND NOT EXISTS (SELECT FROM vault x WHERE x.subject_index = t.subject_index AND x.member <> t.member AND length(x.wrapped_key) > 0 AND x.member NOT IN (SELECT member FROM over))
GROUP BY t.member
ORDER BY 2, 1 LIMIT $2
-- :query blank
-- Names, contacts and accounts go; whose mandates are whose stays for as long as the mandates, so that the person can read them.
UPDATE vault v SET wrapped_key = '', sealed = '', reference_index = NULL
WHERE v.member = ANY($1) AND length(v.wrapped_key) > 0 AND NOT EXISTS (SELECT FROM mandates m WHERE m.member = v.member AND m.over_from >= $2)
-- :query count
SELECT count(*) FROM vault WHERE member = $1
-- :query drop_blank
DELETE FROM vault v WHERE v.member = $1 AND length(v.wrapped_key) = 0 AND NOT EXISTS (SELECT FROM mandates m WHERE m.member = v.member)
-- :query wrapped
SELECT member, wrapped_key FROM vault WHERE member > $1 AND length(wrapped_key) > 0 ORDER BY member LIMIT 1000
-- :query rewrap
UPDATE vault v SET wrapped_key = r.fresh FROM unnest($1::uuid[], $2::bytea[], $3::bytea[]) r (member, fresh, before) WHERE v.member = r.member AND v.wrapped_key = r.before
-- :query erase
DELETE FROM vault WHERE member = ANY($1)
-- :query erase_claims
DELETE FROM registry_claims WHERE stream = ANY($1)
-- :query erase_invitations
DELETE FROM invitations WHERE member = ANY($1)
-- :query erase_accounts
UPDATE request_lines SET account = NULL WHERE member = ANY($1) AND account IS NOT NULL
-- :query erase_answers
DELETE FROM line_answers WHERE member = ANY($1)
-- :guard vault
representative = registry_reading_org() OR subject_index = registry_reading_subject()
OR registry_lends_account(vault.member) OR EXISTS (SELECT FROM line_answers a WHERE a.member = vault.member)
