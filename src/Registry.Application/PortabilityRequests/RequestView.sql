-- :table
CREATE TABLE {table} (
    id             uuid   PRIMARY KEY,
    version        bigint NOT NULL,
    data           jsonb  NOT NULL,
    representative uuid   GENERATED ALWAYS AS ((data -> 'matter' ->> 'representative')::uuid) STORED,
    platform       uuid   GENERATED ALWAYS AS ((data -> 'matter' ->> 'platform')::uuid) STORED,
    filed          boolean GENERATED ALWAYS AS (data ? 'filedOn') STORED
);
CREATE INDEX {table}_by_representative ON {table} (representative, id);
CREATE INDEX {table}_by_platform ON {table} (platform, id) WHERE filed;
-- :query of_representative
SELECT id, version, data FROM {table} WHERE representative = $1 AND id > $2 ORDER BY id LIMIT $3
-- :query of_platform
SELECT id, version, data FROM {table} WHERE platform = $1 AND filed AND id > $2 ORDER BY id LIMIT $3
-- :query of_members
SELECT id, version, data FROM {table} WHERE filed AND id IN (SELECT l.request FROM request_lines l JOIN mandates m ON m.id = l.mandate WHERE m.member = ANY($1)) AND id > $2 ORDER BY id LIMIT $3
-- :query naming
SELECT id, version, data FROM {table} WHERE id IN (SELECT request FROM request_lines WHERE mandate = ANY($1))
-- :guard portability_requests
representative = registry_reading_org() OR (platform = registry_reading_org() AND filed) OR (filed AND registry_stands_in(id))
