namespace Registry.EventStore.Tests;

/// <summary>Marten 9.29's event tables (Guid streams, single tenancy, archived-stream partitioning, event-type index, headers, correlation, causation), column by column and key by key.</summary>
[Collection(OnPostgres.Name)]
public sealed class MartensTables(Postgres postgres)
{
    private const string Columns = """
        SELECT string_agg(format('%s %s%s%s', column_name, CASE WHEN data_type = 'character varying' THEN 'varchar' || coalesce('(' || character_maximum_length || ')', '')
            WHEN data_type = 'timestamp with time zone' THEN 'timestamptz' ELSE data_type END,
            CASE WHEN is_nullable = 'NO' THEN ' not null' ELSE '' END, coalesce(' default ' || column_default, '')), E'\n' ORDER BY ordinal_position)
        FROM information_schema.columns WHERE table_schema = 'registry' AND table_name = '{0}'
        """;

    private const string Keys = """
        SELECT string_agg(line, E'\n' ORDER BY line) FROM (
            SELECT pg_get_constraintdef(oid) AS line FROM pg_constraint WHERE conrelid = 'registry.{0}'::regclass AND conparentid = 0
            UNION SELECT regexp_replace(indexdef, '^CREATE (UNIQUE )?INDEX \S+ ON ONLY \S+ USING btree ', '\1INDEX ') FROM pg_indexes
            WHERE schemaname = 'registry' AND tablename = '{0}' AND indexname NOT IN (SELECT conname FROM pg_constraint)) AS found
        """;

    [Theory]
    [InlineData("mt_streams", """
        id uuid not null
        type varchar
        version bigint
        timestamp timestamptz not null default now()
        created timestamptz not null default now()
        tenant_id varchar default '*DEFAULT*'::character varying
        is_archived boolean not null default false
        """)]
    [InlineData("mt_events", """
        seq_id bigint not null
        id uuid not null
        stream_id uuid
        version bigint not null
        data jsonb not null
        bdata bytea
        type varchar(500) not null
        timestamp timestamptz not null default now()
        tenant_id varchar default '*DEFAULT*'::character varying
        mt_dotnet_type varchar
        correlation_id varchar
        causation_id varchar
        headers jsonb
        is_archived boolean not null default false
        """)]
    [InlineData("mt_event_progression", """
        name varchar not null
        last_seq_id bigint
        last_updated timestamptz default transaction_timestamp()
        """)]
    [InlineData("mt_high_water_skips", """
        ending_sequence bigint not null
        starting_sequence bigint not null
        timestamp timestamptz default transaction_timestamp()
        """)]
    public async Task Every_column_is_Martens(string table, string expected)
    {
        await using var log = await postgres.NewLog();
        var found = await log.Scalar<string>(Columns.Replace("{0}", table, StringComparison.Ordinal));
        Assert.Equal(expected.ReplaceLineEndings("\n"), found);
    }

    [Theory]
    [InlineData("mt_streams", "PRIMARY KEY (id, is_archived)")]
    [InlineData("mt_events", """
        FOREIGN KEY (stream_id, is_archived) REFERENCES mt_streams(id, is_archived) ON DELETE CASCADE
        INDEX (type, seq_id)
        PRIMARY KEY (seq_id, is_archived)
        UNIQUE INDEX (stream_id, version, is_archived)
        """)]
    [InlineData("mt_event_progression", "PRIMARY KEY (name)")]
    [InlineData("mt_high_water_skips", "PRIMARY KEY (ending_sequence)")]
    public async Task Every_key_is_Martens(string table, string expected)
    {
        await using var log = await postgres.NewLog();
        var found = await log.Scalar<string>(Keys.Replace("{0}", table, StringComparison.Ordinal));
        Assert.Equal(expected.ReplaceLineEndings("\n").Split('\n').Order(StringComparer.Ordinal), found.Replace("registry.", "", StringComparison.Ordinal).Split('\n').Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("mt_streams")]
    [InlineData("mt_events")]
    public async Task Both_are_partitioned_by_what_is_archived(string table)
    {
        await using var log = await postgres.NewLog();
        Assert.Equal("LIST (is_archived)", await log.Scalar<string>($"SELECT pg_get_partkeydef('registry.{table}'::regclass)"));
        Assert.Equal(
            $"{table}_archived FOR VALUES IN (true), {table}_default DEFAULT",
            await log.Scalar<string>($"SELECT string_agg(c.relname || ' ' || pg_get_expr(c.relpartbound, c.oid), ', ' ORDER BY c.relname) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'registry.{table}'::regclass"));
    }

    [Fact]
    public async Task The_sequence_belongs_to_the_events_position() =>
        Assert.Equal("registry.mt_events_sequence", await (await postgres.NewLog()).Scalar<string>("SELECT pg_get_serial_sequence('registry.mt_events', 'seq_id')"));
}
