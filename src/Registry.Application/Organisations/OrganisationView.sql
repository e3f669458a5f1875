-- :table
CREATE TABLE {table} (
    id      uuid   PRIMARY KEY,
    version bigint NOT NULL,
    data    jsonb  NOT NULL
);
-- :query page
SELECT id, version, data FROM {table} WHERE id > $1 ORDER BY id LIMIT $2
-- :query by_ids
SELECT id, version, data FROM {table} WHERE id = ANY($1)
-- :query with_memberships
SELECT id, data::text FROM {table} WHERE jsonb_array_length(data -> 'memberOf') > 0
