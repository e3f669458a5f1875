-- :table
CREATE TABLE {table} (
    id      uuid   PRIMARY KEY,
    version bigint NOT NULL,
    data    jsonb  NOT NULL,
    running boolean GENERATED ALWAYS AS (data ->> 'state' = 'running') STORED,
    node    text   GENERATED ALWAYS AS (data ->> 'node') STORED
);
CREATE INDEX {table}_running ON {table} (node) WHERE running;
-- :side operation_rows
-- What became of each row of an import; no row holds anything about a person but their mandate's id.
CREATE TABLE operation_rows (
    operation uuid NOT NULL,
    row       int  NOT NULL,
    outcome   text NOT NULL,
    mandate   uuid,
    code      text,
    pointer   text,
    PRIMARY KEY (operation, row)
);
-- :side import_parts
-- Rows of an import that wait, a few hundred in each part, sealed under a key of the import's own. A part goes when it is done.
CREATE TABLE import_parts (
    operation   uuid        NOT NULL,
    part        int         NOT NULL,
    wrapped_key bytea       NOT NULL,
    sealed      bytea       NOT NULL,
    staged_at   timestamptz NOT NULL,
    PRIMARY KEY (operation, part)
);
-- :query stage
INSERT INTO import_parts VALUES ($1, $2, $3, $4, now())
-- :query part
SELECT part, wrapped_key, sealed FROM import_parts WHERE operation = $1 AND part = $2
-- :query unstage
DELETE FROM import_parts WHERE operation = $1 AND part <= $2
-- :query unstage_abandoned
DELETE FROM import_parts p WHERE staged_at < now() - interval '1 day' AND NOT EXISTS (SELECT FROM {table} o WHERE o.id = p.operation AND o.running)
-- :query drop_old_rows
DELETE FROM operation_rows r USING {table} o WHERE o.id = r.operation AND left(o.data ->> 'finishedAt', 10) < $1
-- :query running_at
SELECT id, version, data FROM {table} WHERE running AND node = $1
-- :query rows
SELECT row, outcome, mandate, code, pointer FROM operation_rows WHERE operation = $1 AND ($2 = '' OR outcome = $2) AND row > $3 ORDER BY row LIMIT $4
-- :guard operations
(data ->> 'owner')::uuid = registry_reading_org()
-- :guard import_parts
false
-- :guard operation_rows
EXISTS (SELECT FROM operations o WHERE o.id = operation_rows.operation)
