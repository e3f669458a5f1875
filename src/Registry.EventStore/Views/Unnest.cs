using Npgsql;
using NpgsqlTypes;
using Registry.EventStore.Streams;

namespace Registry.EventStore.Views;

/// <summary>Rows as one array per column: a hundred rows cost one statement and one round trip.</summary>
internal static class Unnest
{
    public static NpgsqlBatchCommand Command(Table table, IReadOnlyList<TableRow> rows) => Command(table, table.Name, rows);

    /// <summary>Into another table of the same columns.</summary>
    public static NpgsqlBatchCommand Command(Table table, string name, IReadOnlyList<TableRow> rows)
    {
        var command = new NpgsqlBatchCommand($"{table.InsertInto(name, Part.Rows(1, table.Columns.Count))} {table.Tail}");
        AddTo(command.Parameters, table.Columns, rows);
        return command;
    }

    public static void AddTo(NpgsqlParameterCollection parameters, IReadOnlyList<Column> columns, IReadOnlyList<TableRow> rows)
    {
        for (var i = 0; i < columns.Count; i++) parameters.Add(Parameter(columns[i].Type, rows, i));
    }

    public static NpgsqlParameter Array<T>(NpgsqlDbType type, T[] values) =>
        new NpgsqlParameter<T[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | type };

    private static NpgsqlParameter Parameter(NpgsqlDbType type, IReadOnlyList<TableRow> rows, int column) => type switch
    {
        NpgsqlDbType.Uuid => Structs<Guid>(type, rows, column),
        NpgsqlDbType.Bigint => Structs<long>(type, rows, column),
        NpgsqlDbType.Integer => Structs<int>(type, rows, column),
        NpgsqlDbType.Smallint => Structs<short>(type, rows, column),
        NpgsqlDbType.Boolean => Structs<bool>(type, rows, column),
        NpgsqlDbType.TimestampTz => Structs<DateTime>(type, rows, column),
        NpgsqlDbType.Bytea => Array(type, Values<byte[]?>(rows, column)),
        _ => Array(type, Values<string?>(rows, column)),
    };

    private static NpgsqlParameter Structs<T>(NpgsqlDbType type, IReadOnlyList<TableRow> rows, int column) where T : struct =>
        rows.Any(row => row.Values[column] is null) ? Array(type, Values<T?>(rows, column)) : Array(type, Values<T>(rows, column));

    private static T[] Values<T>(IReadOnlyList<TableRow> rows, int column)
    {
        var values = new T[rows.Count];
        for (var i = 0; i < values.Length; i++) values[i] = (T)rows[i].Values[column]!;
        return values;
    }
}
