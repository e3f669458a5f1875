-- :table
CREATE TABLE {table} (
    id          uuid   PRIMARY KEY,
    version     bigint NOT NULL,
    data        jsonb  NOT NULL,
    rule_set    text   GENERATED ALWAYS AS (data ->> 'ruleSet') STORED,
    measured_on text   GENERATED ALWAYS AS (data ->> 'measuredOn') STORED
);
CREATE INDEX {table}_by_rule_set ON {table} (rule_set, measured_on);
-- :query under
SELECT id, version, data FROM {table} WHERE rule_set = $1 AND measured_on <= $2 ORDER BY measured_on DESC, id
-- :query measured
SELECT id, version, data FROM {table} WHERE measured_on <= $1 ORDER BY measured_on DESC, id
