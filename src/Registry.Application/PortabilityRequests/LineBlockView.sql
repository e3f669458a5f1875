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
-- Where a mandate stands in requests; written with the block and never changed.
CREATE TABLE request_lines (
    line    uuid PRIMARY KEY,
    mandate uuid NOT NULL,
    block   uuid NOT NULL,
    request uuid NOT NULL
);
CREATE INDEX request_lines_by_mandate ON request_lines (mandate);
-- :side line_accounts
-- The account ids that the platform needs, sealed under the member's own key; kept until the closure.
CREATE TABLE line_accounts (
    line   uuid  PRIMARY KEY,
    block  uuid  NOT NULL,
    member uuid  NOT NULL,
    sealed bytea NOT NULL
);
CREATE INDEX line_accounts_by_block ON line_accounts (block);
CREATE INDEX line_accounts_by_member ON line_accounts (member);
-- :query of_blocks
SELECT id, version, data FROM {table} WHERE id = ANY($1) ORDER BY place
-- :query blocks_of_mandate
SELECT DISTINCT block, request FROM request_lines WHERE mandate = $1
-- :query blocks_of_mandates
SELECT DISTINCT block, request FROM request_lines WHERE mandate = ANY($1)
-- :query requests_of_mandates
SELECT DISTINCT mandate, request FROM request_lines WHERE mandate = ANY($1)
-- :query count_of_mandate
SELECT count(DISTINCT block) FROM request_lines WHERE mandate = $1
-- :query blocks_of_lines
SELECT line, block FROM request_lines WHERE request = $1 AND line = ANY($2)
-- :query accounts_of_block
SELECT line, member, sealed FROM line_accounts WHERE block = $1
-- :guard line_blocks
EXISTS (SELECT FROM portability_requests r WHERE r.id = line_blocks.request)
-- :guard request_lines
EXISTS (SELECT FROM mandates m WHERE m.id = request_lines.mandate) OR EXISTS (SELECT FROM portability_requests r WHERE r.id = request_lines.request)
-- :guard line_accounts
EXISTS (SELECT FROM line_blocks b WHERE b.id = line_accounts.block)
