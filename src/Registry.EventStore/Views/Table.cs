using NpgsqlTypes;

namespace Registry.EventStore.Views;

/// <summary>A column as rows are written to it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its PostgreSQL type.</param>
public sealed record Column(string Name, NpgsqlDbType Type)
{
    /// <summary>A uuid.</summary>
    public static Column Uuid(string name) => new(name, NpgsqlDbType.Uuid);

    /// <summary>A text.</summary>
    public static Column Text(string name) => new(name, NpgsqlDbType.Text);

    /// <summary>Bytes.</summary>
    public static Column Bytes(string name) => new(name, NpgsqlDbType.Bytea);

    /// <summary>An instant, in UTC.</summary>
    public static Column Instant(string name) => new(name, NpgsqlDbType.TimestampTz);

    /// <summary>An integer of 32 bits.</summary>
    public static Column Integer(string name) => new(name, NpgsqlDbType.Integer);
}

/// <summary>A table that rows are inserted into many at a time: one statement per table and group of appends.</summary>
public sealed class Table
{
    /// <param name="name">Its name.</param>
    /// <param name="tail">What follows the rows, such as <c>ON CONFLICT …</c>.</param>
    /// <param name="columns">The columns that are written.</param>
    public Table(string name, string tail, params IReadOnlyList<Column> columns)
    {
        Name = name;
        Columns = columns;
        Tail = tail;
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>The columns that are written, in order.</summary>
    public IReadOnlyList<Column> Columns { get; }

    internal string Tail { get; }

    /// <summary>Nothing of another's is ever met here: a row is inserted once, under a key of its own.</summary>
    internal bool OnlyInserted => Tail.Length == 0;

    /// <summary>Rows that one stream each is folded to; the first column is the stream.</summary>
    internal bool IsView { get; init; }

    /// <summary>Into a table of these columns, without what follows the rows.</summary>
    internal string InsertInto(string name, string rows) => $"INSERT INTO {name} ({string.Join(", ", Columns.Select(c => c.Name))}) SELECT * FROM {rows} AS r";

    /// <summary>A row; values in the order of the columns, null where there is none.</summary>
    public TableRow Row(params IReadOnlyList<object?> values) =>
        values.Count == Columns.Count ? new TableRow(this, values) : throw new ArgumentException($"{Name} takes {Columns.Count} values", nameof(values));
}

/// <summary>One row to be written.</summary>
/// <param name="Table">Where to.</param>
/// <param name="Values">In the order of the table's columns.</param>
public sealed record TableRow(Table Table, IReadOnlyList<object?> Values);
