-- :table
CREATE TABLE {table} (
    id             uuid   PRIMARY KEY,
    version        bigint NOT NULL,
    data           jsonb  NOT NULL,
    representative uuid   GENERATED ALWAYS AS ((data ->> 'representative')::uuid) STORED,
    member         uuid   GENERATED ALWAYS AS ((data ->> 'member')::uuid) STORED
);
CREATE INDEX {table}_by_representative ON {table} (representative, id);
CREATE INDEX {table}_by_member ON {table} (member, id);
-- :query of_representative
SELECT id, version, data FROM {table} WHERE representative = $1 AND id > $2 ORDER BY id LIMIT $3
-- :query of_members
SELECT id, version, data FROM {table} WHERE member = ANY($1) AND id > $2 ORDER BY id LIMIT $3
-- :query named
SELECT id, version, data FROM {table} WHERE representative = $1 AND id = ANY($2) AND id > $3 ORDER BY id LIMIT $4
-- :guard mandates
representative = registry_reading_org()
OR member IN (SELECT v.member FROM vault v WHERE v.subject_index = registry_reading_subject())
