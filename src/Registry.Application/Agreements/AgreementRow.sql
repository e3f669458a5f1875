-- :table
CREATE TABLE {table} (
    id          uuid     PRIMARY KEY,
    version     bigint   NOT NULL,
    data        jsonb    NOT NULL,
    effect_from text     GENERATED ALWAYS AS (data ->> 'effectFrom') STORED,
    effect_to   text     GENERATED ALWAYS AS (data ->> 'effectTo') STORED,
    words       tsvector GENERATED ALWAYS AS (to_tsvector('simple', data ->> 'words')) STORED
);
CREATE INDEX {table}_by_effect ON {table} (effect_from, effect_to);
CREATE INDEX {table}_by_words ON {table} USING gin (words);
-- :query page
SELECT id, version, data FROM {table} WHERE id > $1 ORDER BY id LIMIT $2
-- :query search
SELECT id, version, data FROM {table} WHERE words @@ to_tsquery('simple', $1) AND id > $2 ORDER BY id LIMIT $3
-- :query in_effect
SELECT id, version, data FROM {table} WHERE effect_from <= $1 AND (effect_to IS NULL OR effect_to > $1) ORDER BY id
-- :query last_position
SELECT coalesce(max(seq_id), 0) FROM mt_events WHERE stream_id = ANY($1) AND is_archived = false
