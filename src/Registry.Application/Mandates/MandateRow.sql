-- :table
CREATE TABLE {table} (
    id             uuid   PRIMARY KEY,
    version        bigint NOT NULL,
    data           jsonb  NOT NULL,
    representative uuid   GENERATED ALWAYS AS ((data #>> '{facts,deed,representative}')::uuid) STORED,
    substitute     uuid   GENERATED ALWAYS AS ((data #>> '{facts,substitute}')::uuid) STORED,
    member         uuid   GENERATED ALWAYS AS ((data #>> '{facts,deed,member}')::uuid) STORED,
    said           text   GENERATED ALWAYS AS (data #>> '{facts,said}') STORED,
    over_from      text   GENERATED ALWAYS AS (data ->> 'overFrom') STORED,
    shape          text   GENERATED ALWAYS AS (data ->> 'shape') STORED
);
CREATE INDEX {table}_by_representative ON {table} (representative, id);
CREATE INDEX {table}_by_state ON {table} (representative, said, id);
CREATE INDEX {table}_by_substitute ON {table} (substitute, id) WHERE substitute IS NOT NULL;
CREATE INDEX {table}_by_member ON {table} (member, id);
CREATE INDEX {table}_by_end ON {table} (over_from, id);
-- :side mandate_uses
-- What was shown or done with mandates: one row a read or a filing. A row without mandates is about every line of its request.
CREATE TABLE mandate_uses (
    id       uuid        PRIMARY KEY,
    at       timestamptz NOT NULL,
    kind     text        NOT NULL,
    who      uuid        NOT NULL,
    purpose  text        NOT NULL,
    category text        NOT NULL,
    request  uuid,
    named    text        NOT NULL,
    mandates uuid[]      GENERATED ALWAYS AS (string_to_array(named, ',')::uuid[]) STORED
);
CREATE INDEX mandate_uses_by_mandate ON mandate_uses USING gin (mandates);
CREATE INDEX mandate_uses_by_request ON mandate_uses (request, at) WHERE mandates = '{}';
-- :side invitations
-- Codes by which the person of a paper record takes it over: a keyed digest, never the code.
CREATE TABLE invitations (
    digest  bytea PRIMARY KEY,
    mandate uuid  NOT NULL,
    member  uuid  NOT NULL,
    until   text  NOT NULL
);
CREATE INDEX invitations_by_member ON invitations (member);
-- :query of_representative
SELECT id, version, data FROM {table} WHERE representative = $1 AND id > $2 ORDER BY id LIMIT $3
-- :query of_representative_said
SELECT id, version, data FROM {table} WHERE representative = $1 AND said = $2 AND id > $3 ORDER BY id LIMIT $4
-- :query cohort
SELECT id, version, member, shape, data #>> '{facts,grantedAt}' FROM {table} WHERE representative = $1
UNION ALL
SELECT id, version, member, shape, data #>> '{facts,grantedAt}' FROM {table} WHERE substitute = $1
-- :query cohort_named
SELECT id, version, member, shape, data #>> '{facts,grantedAt}' FROM {table} WHERE (representative = $1 OR substitute = $1) AND id = ANY($2)
-- :query of_members
SELECT id, version, data FROM {table} WHERE member = ANY($1) AND id > $2 ORDER BY id LIMIT $3
-- :query of_ids
SELECT id, version, data FROM {table} WHERE id = ANY($1)
-- :query count_of_member
SELECT count(*) FROM {table} WHERE member = $1
-- :query uses
SELECT u.id, u.at, u.kind, u.who, u.purpose, u.category, u.request FROM (
    SELECT * FROM mandate_uses WHERE mandates @> ARRAY[$1::uuid]
    UNION ALL
    SELECT u.* FROM mandate_uses u WHERE u.mandates = '{}' AND u.request IN (SELECT l.request FROM request_lines l WHERE l.mandate = $1)
) u WHERE u.id > $2 ORDER BY u.id LIMIT $3
-- :query invitation
SELECT mandate, member, until FROM invitations WHERE digest = $1
-- :query drop_invitations
DELETE FROM invitations WHERE mandate = $1
-- :query drop_invitation
DELETE FROM invitations WHERE digest = $1
-- :query due
SELECT id, version, member FROM {table} WHERE over_from < $1 ORDER BY over_from, id LIMIT $2
-- :query due_counts
SELECT representative, over_from, count(*) FROM {table} WHERE over_from < $1 GROUP BY representative, over_from ORDER BY over_from, representative
-- :query drop
DELETE FROM {table} WHERE id = $1
-- :query drop_uses
DELETE FROM mandate_uses WHERE named = $1
-- :query drop_from_uses
UPDATE mandate_uses SET named = array_to_string(array_remove(mandates, $1::uuid), ',') WHERE mandates @> ARRAY[$1::uuid]
-- :query drop_claims
DELETE FROM registry_claims WHERE stream = $1
-- :query invitations_due
SELECT count(*) FROM invitations WHERE until < $1
-- :query drop_old_invitations
DELETE FROM invitations WHERE until < $1
-- :guard mandates
representative = registry_reading_org() OR substitute = registry_reading_org()
OR member IN (SELECT v.member FROM vault v WHERE v.subject_index = registry_reading_subject())
-- :guard mandate_uses
who = registry_reading_org() OR EXISTS (SELECT FROM mandates m WHERE m.id = ANY(mandate_uses.mandates))
OR EXISTS (SELECT FROM request_lines l JOIN mandates m ON m.id = l.mandate WHERE l.request = mandate_uses.request)
-- :guard invitations
false
