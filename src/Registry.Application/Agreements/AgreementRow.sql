-- :table
CREATE TABLE {table} (
    id          uuid     PRIMARY KEY,
    version     bigint   NOT NULL,
    data        jsonb    NOT NULL,
    effect_from text     GENERATED ALWAYS AS (data ->> 'effectFrom') STORED,
    effect_to   text     GENERATED ALWAYS AS (data ->> 'effectTo') STORED,
    -- Of what was deposited, as text: a node that starts reads all of it, and taking it out of jsonb took PostgreSQL longer than reading it.
    facts       text     GENERATED ALWAYS AS (CASE WHEN data ->> 'effectFrom' IS NOT NULL THEN data ->> 'facts' END) STORED,
    words       tsvector GENERATED ALWAYS AS (to_tsvector('simple', data ->> 'words')) STORED
);
CREATE INDEX {table}_by_effect ON {table} (effect_from, effect_to);
CREATE INDEX {table}_by_words ON {table} USING gin (words);
-- :query search each-time
SELECT id, version, data FROM {table}
WHERE ($1 = '' OR words @@ to_tsquery('simple', $1))
  AND CASE $2 WHEN 'coming' THEN effect_from > $3 WHEN 'running' THEN effect_from <= $3 AND coalesce(effect_to, 'never') > $3 WHEN 'over' THEN effect_to <= $3 ELSE true END
  AND id > $4 ORDER BY id LIMIT $5
-- :query deposited
SELECT h.position, convert_to(a.facts, 'UTF8') FROM registry_head h LEFT JOIN {table} a ON a.effect_from IS NOT NULL
-- :query dealing_with each-time
SELECT id FROM {table} WHERE words @@ to_tsquery('simple', $1) AND effect_from IS NOT NULL
