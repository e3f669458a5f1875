using Npgsql;
using NpgsqlTypes;
using Registry.EventStore.Views;

namespace Registry.EventStore.Streams;

/// <summary>Rows of one table as columns: how they are inserted, and what with.</summary>
internal abstract class Part(string name, int width)
{
    /// <summary>Tells this part from every other of its statement.</summary>
    public string Name => name;

    /// <summary>Equal shapes have equal statements. No name has such a sign, so that none is taken for another's shape.</summary>
    public string Shape => Count == 1 ? name + "#1" : name;

    /// <summary>How many rows it holds.</summary>
    public abstract int Count { get; }

    /// <summary>There is a row.</summary>
    public bool Any => Count > 0;

    /// <summary>How many parameters it takes.</summary>
    public int Width => width;

    /// <summary>Its statement, with parameters numbered from here on.</summary>
    public abstract string Sql(int from);

    public abstract void AddTo(NpgsqlParameterCollection parameters);

    /// <summary>The rows of so many parameters, one array for each column. One row alone needs no function to read them.</summary>
    public static string Rows(int from, int width, bool one = false)
    {
        var numbers = Enumerable.Range(from, width);
        return one ? $"(SELECT {string.Join(", ", numbers.Select(n => $"(${n})[1]"))})" : $"unnest({string.Join(", ", numbers.Select(n => $"${n}"))})";
    }

    protected string Rows(int from) => Rows(from, Width, Count == 1);

    public NpgsqlBatchCommand Command()
    {
        var command = new NpgsqlBatchCommand(Sql(1));
        AddTo(command.Parameters);
        return command;
    }
}

/// <summary>Streams that start.</summary>
internal sealed class NewStreams() : Part("started", 4)
{
    private readonly List<Guid> ids = [];
    private readonly List<string> types = [];
    private readonly List<long> versions = [];
    private readonly List<DateTime> instants = [];

    public override int Count => ids.Count;

    public override string Sql(int from) =>
        $"INSERT INTO mt_streams (id, type, version, timestamp, created) SELECT id, type, version, at, at FROM {Rows(from)} AS s (id, type, version, at)";

    public void Add(Guid id, string type, long version, DateTime at)
    {
        ids.Add(id);
        types.Add(type);
        versions.Add(version);
        instants.Add(at);
    }

    public override void AddTo(NpgsqlParameterCollection parameters)
    {
        parameters.Add(Unnest.Array(NpgsqlDbType.Uuid, ids.ToArray()));
        parameters.Add(Unnest.Array(NpgsqlDbType.Varchar, types.ToArray()));
        parameters.Add(Unnest.Array(NpgsqlDbType.Bigint, versions.ToArray()));
        parameters.Add(Unnest.Array(NpgsqlDbType.TimestampTz, instants.ToArray()));
    }
}

/// <summary>Streams that go on: their version moves with their events.</summary>
internal sealed class MovedStreams() : Part("moved", 3)
{
    private readonly List<Guid> ids = [];
    private readonly List<long> versions = [];
    private readonly List<DateTime> instants = [];

    public override int Count => ids.Count;

    public override string Sql(int from) =>
        $"UPDATE mt_streams s SET version = m.version, timestamp = m.at FROM {Rows(from)} AS m (id, version, at) "
        + "WHERE s.id = m.id AND s.is_archived = false";

    public void Add(Guid id, long version, DateTime at)
    {
        ids.Add(id);
        versions.Add(version);
        instants.Add(at);
    }

    public override void AddTo(NpgsqlParameterCollection parameters)
    {
        parameters.Add(Unnest.Array(NpgsqlDbType.Uuid, ids.ToArray()));
        parameters.Add(Unnest.Array(NpgsqlDbType.Bigint, versions.ToArray()));
        parameters.Add(Unnest.Array(NpgsqlDbType.TimestampTz, instants.ToArray()));
    }
}

/// <summary>Events.</summary>
internal sealed class NewEvents() : Part("stored", 11)
{
    private readonly List<long> positions = [];
    private readonly List<Guid> ids = [];
    private readonly List<Guid> streams = [];
    private readonly List<long> versions = [];
    private readonly List<string> data = [];
    private readonly List<string> types = [];
    private readonly List<DateTime> instants = [];
    private readonly List<string> clrTypes = [];
    private readonly List<string?> correlations = [];
    private readonly List<string?> causations = [];
    private readonly List<string?> headers = [];

    public override int Count => ids.Count;

    public (long Position, Guid Event)? First => Count == 0 ? null : (positions[0], ids[0]);

    /// <summary>The leaves of the same events.</summary>
    public NewLeaves Leaves { get; } = new();

    public override string Sql(int from) =>
        "INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp, mt_dotnet_type, correlation_id, causation_id, headers) "
        + $"SELECT * FROM {Rows(from)} AS e";

    public void Add(long position, Guid stream, long version, DateTime at, NewEvent happened, AppendContext context, byte[] leaf)
    {
        positions.Add(position);
        ids.Add(happened.Id);
        streams.Add(stream);
        versions.Add(version);
        data.Add(happened.Data);
        types.Add(happened.Type);
        instants.Add(at);
        clrTypes.Add(happened.ClrType);
        correlations.Add(context.Correlation);
        causations.Add(context.Causation);
        headers.Add(context.Headers);
        Leaves.Add(position, happened.Salt, leaf);
    }

    public override void AddTo(NpgsqlParameterCollection parameters)
    {
        parameters.Add(Unnest.Array(NpgsqlDbType.Bigint, positions.ToArray()));
        parameters.Add(Unnest.Array(NpgsqlDbType.Uuid, ids.ToArray()));
        parameters.Add(Unnest.Array(NpgsqlDbType.Uuid, streams.ToArray()));
        parameters.Add(Unnest.Array(NpgsqlDbType.Bigint, versions.ToArray()));
        parameters.Add(Unnest.Array(NpgsqlDbType.Jsonb, data.ToArray()));
        parameters.Add(Unnest.Array(NpgsqlDbType.Varchar, types.ToArray()));
        parameters.Add(Unnest.Array(NpgsqlDbType.TimestampTz, instants.ToArray()));
        parameters.Add(Unnest.Array(NpgsqlDbType.Varchar, clrTypes.ToArray()));
        parameters.Add(Unnest.Array(NpgsqlDbType.Varchar, correlations.ToArray()));
        parameters.Add(Unnest.Array(NpgsqlDbType.Varchar, causations.ToArray()));
        parameters.Add(Unnest.Array(NpgsqlDbType.Jsonb, headers.ToArray()));
    }
}

/// <summary>Leaves.</summary>
internal sealed class NewLeaves() : Part("leaves", 3)
{
    private readonly List<long> positions = [];
    private readonly List<byte[]> salts = [];
    private readonly List<byte[]> leaves = [];

    public override int Count => positions.Count;

    public override string Sql(int from) => $"INSERT INTO registry_leaves (position, salt, leaf) SELECT * FROM {Rows(from)} AS l";

    public void Add(long position, byte[] salt, byte[] leaf)
    {
        positions.Add(position);
        salts.Add(salt);
        leaves.Add(leaf);
    }

    public override void AddTo(NpgsqlParameterCollection parameters)
    {
        parameters.Add(Unnest.Array(NpgsqlDbType.Bigint, positions.ToArray()));
        parameters.Add(Unnest.Array(NpgsqlDbType.Bytea, salts.ToArray()));
        parameters.Add(Unnest.Array(NpgsqlDbType.Bytea, leaves.ToArray()));
    }
}

/// <summary>Rows of a view or a side table.</summary>
/// <param name="table">Which.</param>
/// <param name="fresh">They can meet no other row.</param>
internal sealed class NewRows(Table table, bool fresh) : Part(table.Name + (fresh ? "_new" : ""), table.Columns.Count)
{
    private readonly List<TableRow> rows = [];

    public void Add(TableRow row) => rows.Add(row);

    public override int Count => rows.Count;

    public override string Sql(int from) => table.InsertInto(table.Name, Rows(from));

    /// <summary>What follows the rows, such as <c>ON CONFLICT …</c>.</summary>
    public string Tail => fresh ? "" : table.Tail;

    public override void AddTo(NpgsqlParameterCollection parameters) => Unnest.AddTo(parameters, table.Columns, rows);
}
