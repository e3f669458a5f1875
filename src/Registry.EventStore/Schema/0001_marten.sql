-- Marten's own event tables (9.29: Guid streams, single tenancy, archived-stream partitioning, event-type index,
-- headers, correlation and causation). Nothing of ours stands in them.
CREATE TABLE mt_streams (
    id          uuid                     NOT NULL,
    type        varchar                  NULL,
    version     bigint                   NULL,
    timestamp   timestamptz              NOT NULL DEFAULT now(),
    created     timestamptz              NOT NULL DEFAULT now(),
    tenant_id   varchar                  DEFAULT '*DEFAULT*',
    is_archived boolean                  NOT NULL DEFAULT false,
    CONSTRAINT pkey_mt_streams_id_is_archived PRIMARY KEY (id, is_archived)
) PARTITION BY LIST (is_archived);
CREATE TABLE mt_streams_default PARTITION OF mt_streams DEFAULT;
CREATE TABLE mt_streams_archived PARTITION OF mt_streams FOR VALUES IN (true);

CREATE TABLE mt_events (
    seq_id         bigint                   NOT NULL,
    id             uuid                     NOT NULL,
    stream_id      uuid                     NULL,
    version        bigint                   NOT NULL,
    data           jsonb                    NOT NULL,
    bdata          bytea                    NULL,
    type           varchar(500)             NOT NULL,
    timestamp      timestamptz              NOT NULL DEFAULT now(),
    tenant_id      varchar                  DEFAULT '*DEFAULT*',
    mt_dotnet_type varchar                  NULL,
    correlation_id varchar                  NULL,
    causation_id   varchar                  NULL,
    headers        jsonb                    NULL,
    is_archived    boolean                  NOT NULL DEFAULT false,
    CONSTRAINT pkey_mt_events_seq_id_is_archived PRIMARY KEY (seq_id, is_archived),
    CONSTRAINT fkey_mt_events_stream_id_is_archived FOREIGN KEY (stream_id, is_archived)
        REFERENCES mt_streams (id, is_archived) ON DELETE CASCADE
) PARTITION BY LIST (is_archived);
CREATE TABLE mt_events_default PARTITION OF mt_events DEFAULT;
CREATE TABLE mt_events_archived PARTITION OF mt_events FOR VALUES IN (true);
CREATE UNIQUE INDEX pk_mt_events_stream_and_version ON mt_events (stream_id, version, is_archived);
CREATE INDEX idx_mt_events_event_type ON mt_events (type, seq_id);

CREATE SEQUENCE mt_events_sequence;
ALTER SEQUENCE mt_events_sequence OWNED BY mt_events.seq_id;

CREATE TABLE mt_event_progression (
    name         varchar     PRIMARY KEY,
    last_seq_id  bigint      NULL,
    last_updated timestamptz DEFAULT transaction_timestamp()
);
CREATE TABLE mt_high_water_skips (
    ending_sequence   bigint      PRIMARY KEY,
    starting_sequence bigint      NOT NULL,
    timestamp         timestamptz DEFAULT transaction_timestamp()
);
