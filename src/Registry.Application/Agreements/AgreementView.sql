-- :table
CREATE TABLE {table} (
    id         uuid   PRIMARY KEY,
    version    bigint NOT NULL,
    data       jsonb  NOT NULL,
    valid_from text   GENERATED ALWAYS AS (data -> 'validity' ->> 'from') STORED,
    valid_to   text   GENERATED ALWAYS AS (data -> 'validity' ->> 'to') STORED
);
CREATE INDEX {table}_by_validity ON {table} (valid_from, valid_to);
-- :query page
SELECT id, version, data FROM {table} WHERE id > $1 ORDER BY id LIMIT $2
-- :query in_force
SELECT id, version, data FROM {table} WHERE valid_from <= $1 AND (valid_to IS NULL OR valid_to > $1) ORDER BY id
-- :query last_position
SELECT coalesce(max(seq_id), 0) FROM mt_events WHERE stream_id = ANY($1) AND is_archived = false
