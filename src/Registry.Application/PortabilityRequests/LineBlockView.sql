-- :table
CREATE TABLE {table} (
    id      uuid   PRIMARY KEY,
    version bigint NOT NULL,
    data    jsonb  NOT NULL,
    request uuid   GENERATED ALWAYS AS ((data ->> 'request')::uuid) STORED,
    place   int    GENERATED ALWAYS AS ((data ->> 'index')::int) STORED
);
CREATE INDEX {table}_by_request ON {table} (request, place);
-- :side request_lines
-- Where a mandate stands in requests, written with the block; and the account id by which the platform knows the person, sealed
-- under the person's own key and kept until the closure.
CREATE TABLE request_lines (
    line    uuid PRIMARY KEY,
    mandate uuid NOT NULL,
    block   uuid NOT NULL,
    request uuid NOT NULL,
    member  uuid NOT NULL,
    account bytea
);
CREATE INDEX request_lines_by_mandate ON request_lines (mandate);
CREATE INDEX request_lines_by_block ON request_lines (block);
CREATE INDEX request_lines_by_member ON request_lines (member) WHERE account IS NOT NULL;
-- :side line_answers
-- What was answered to a platform that doubted who somebody is, sealed under the member's own key; kept until the closure.
CREATE TABLE line_answers (
    line   uuid  PRIMARY KEY,
    block  uuid  NOT NULL,
    member uuid  NOT NULL,
    sealed bytea NOT NULL
);
CREATE INDEX line_answers_by_block ON line_answers (block);
CREATE INDEX line_answers_by_member ON line_answers (member);
-- :query of_blocks
SELECT id, version, data FROM {table} WHERE id = ANY($1) ORDER BY place
-- :query blocks_of_mandates
SELECT DISTINCT mandate, block, request FROM request_lines WHERE mandate = ANY($1)
-- :query requests_of_mandates
SELECT DISTINCT mandate, request FROM request_lines WHERE mandate = ANY($1)
-- :query count_of_mandate
SELECT count(DISTINCT block) FROM request_lines WHERE mandate = $1
-- :query blocks_of_lines
SELECT line, block FROM request_lines WHERE request = $1 AND line = ANY($2)
-- :query accounts_of_block
SELECT line, member, account FROM request_lines WHERE block = $1 AND account IS NOT NULL
-- :query answers_of_block
SELECT line, member, sealed FROM line_answers WHERE block = $1
-- :query of_request
SELECT id, version, data FROM {table} WHERE request = $1 ORDER BY place
-- :query purge_accounts
UPDATE request_lines l SET account = NULL FROM line_blocks b WHERE b.id = l.block AND b.request = $1 AND l.account IS NOT NULL
-- :query purge_answers
DELETE FROM line_answers a USING line_blocks b WHERE b.id = a.block AND b.request = $1
-- :query purge_accounts_of_closed
UPDATE request_lines l SET account = NULL FROM line_blocks b JOIN portability_requests r ON r.id = b.request WHERE b.id = l.block AND r.lines_until IS NOT NULL AND l.account IS NOT NULL
-- :query purge_answers_of_closed
DELETE FROM line_answers a USING line_blocks b JOIN portability_requests r ON r.id = b.request WHERE b.id = a.block AND r.lines_until IS NOT NULL
-- :query orphans
-- Blocks of a filing that was stopped in the middle, and then done again or given up: no request names them.
SELECT b.id, b.version, b.data FROM {table} b JOIN portability_requests r ON r.id = b.request
WHERE (r.filed AND NOT (r.data #> '{facts,filed,blocks}' ? b.id::text)) OR (NOT r.filed AND r.data -> 'facts' ? 'withdrawn') LIMIT 1000
-- :guard line_blocks
EXISTS (SELECT FROM portability_requests r WHERE r.id = line_blocks.request)
-- :guard request_lines
EXISTS (SELECT FROM portability_requests r WHERE r.id = request_lines.request AND registry_reading_org() IN (r.representative, r.platform))
OR EXISTS (SELECT FROM mandates m WHERE m.id = request_lines.mandate)
-- :guard line_answers
EXISTS (SELECT FROM line_blocks b JOIN portability_requests r ON r.id = b.request WHERE b.id = line_answers.block AND registry_reading_org() IN (r.representative, r.platform))
