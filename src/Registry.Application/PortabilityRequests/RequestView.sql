-- :table
CREATE TABLE {table} (
    id             uuid    PRIMARY KEY,
    version        bigint  NOT NULL,
    data           jsonb   NOT NULL,
    representative uuid    GENERATED ALWAYS AS ((data #>> '{facts,matter,representative}')::uuid) STORED,
    platform       uuid    GENERATED ALWAYS AS ((data #>> '{facts,matter,platform}')::uuid) STORED,
    filed          boolean GENERATED ALWAYS AS (data -> 'facts' ? 'filed') STORED,
    lines_until    text    GENERATED ALWAYS AS (data ->> 'linesUntil') STORED,
    kept_until     text    GENERATED ALWAYS AS (data ->> 'keptUntil') STORED
);
CREATE INDEX {table}_by_representative ON {table} (representative, id);
CREATE INDEX {table}_by_platform ON {table} (platform, id) WHERE filed;
CREATE INDEX {table}_by_closure ON {table} (lines_until) WHERE lines_until IS NOT NULL;
CREATE INDEX {table}_by_end ON {table} (kept_until) WHERE kept_until IS NOT NULL;
-- :query of_representative
SELECT id, version, data FROM {table} WHERE representative = $1 AND id > $2 ORDER BY id LIMIT $3
-- :query of_platform
SELECT id, version, data FROM {table} WHERE platform = $1 AND filed AND id > $2 ORDER BY id LIMIT $3
-- :query of_members
SELECT id, version, data FROM {table} WHERE filed AND id IN (SELECT l.request FROM request_lines l JOIN mandates m ON m.id = l.mandate WHERE m.member = ANY($1)) AND id > $2 ORDER BY id LIMIT $3
-- :query naming
SELECT id, version, data FROM {table} WHERE id IN (SELECT request FROM request_lines WHERE mandate = ANY($1))
-- :query complainants
-- Members in the request whose mandate lets its representative complain for them (GDPR Art. 80(1)).
SELECT count(DISTINCT m.id) FROM {table} r JOIN request_lines l ON l.request = r.id AND r.data #> '{facts,filed,blocks}' ? l.block::text JOIN mandates m ON m.id = l.mandate
WHERE r.id = $1 AND m.said IN ('active', 'paused') AND m.data #>> '{facts,validity,to}' > $3
  AND EXISTS (SELECT FROM jsonb_array_elements(m.data #> '{facts,scopes}') s WHERE s ->> 'state' = 'live' AND s #> '{scope,rights}' ? 'complain' AND s #> '{scope,controllers}' ? $2)
-- :query lines_due
SELECT id, version, data FROM {table} WHERE lines_until < $1 AND id IN (SELECT request FROM line_blocks) ORDER BY lines_until, id LIMIT $2
-- :query requests_due
SELECT id, version, data FROM {table} WHERE kept_until < $1 ORDER BY kept_until, id LIMIT $2
-- :query drop_lines
DELETE FROM request_lines WHERE block = $1
-- :query drop_block
DELETE FROM line_blocks WHERE id = $1
-- :query drop_uses_of_request
DELETE FROM mandate_uses WHERE request = $1
-- :query drop
DELETE FROM {table} WHERE id = $1
-- :guard portability_requests
representative = registry_reading_org() OR (platform = registry_reading_org() AND filed) OR (filed AND registry_stands_in(id))
OR data #> '{facts,auditors}' @> jsonb_build_array(jsonb_build_object('auditor', registry_reading_org()))
OR data #> '{facts,escalations}' @> jsonb_build_array(jsonb_build_object('authority', registry_reading_org()))
