using Npgsql;
using NpgsqlTypes;

namespace Registry.EventStore.Views;

/// <summary>Rows as one array per column: a hundred rows cost one statement and one round trip.</summary>
internal static class Unnest
{
    public static NpgsqlBatchCommand Command(Table table, IReadOnlyList<TableRow> rows) => Command(table.Insert, table.Columns, rows);

    public static NpgsqlBatchCommand Command(string sql, IReadOnlyList<Column> columns, IReadOnlyList<TableRow> rows)
    {
        var command = new NpgsqlBatchCommand(sql);
        for (var i = 0; i < columns.Count; i++) command.Parameters.Add(Parameter(columns[i].Type, rows, i));
        return command;
    }

    public static NpgsqlParameter Array<T>(NpgsqlDbType type, T[] values) =>
        new NpgsqlParameter<T[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | type };

    private static NpgsqlParameter Parameter(NpgsqlDbType type, IReadOnlyList<TableRow> rows, int column) => type switch
    {
        NpgsqlDbType.Uuid => Array(type, Values<Guid?>(rows, column)),
        NpgsqlDbType.Bigint => Array(type, Values<long?>(rows, column)),
        NpgsqlDbType.Integer => Array(type, Values<int?>(rows, column)),
        NpgsqlDbType.Smallint => Array(type, Values<short?>(rows, column)),
        NpgsqlDbType.Boolean => Array(type, Values<bool?>(rows, column)),
        NpgsqlDbType.Bytea => Array(type, Values<byte[]?>(rows, column)),
        NpgsqlDbType.TimestampTz => Array(type, Values<DateTime?>(rows, column)),
        _ => Array(type, Values<string?>(rows, column)),
    };

    private static T[] Values<T>(IReadOnlyList<TableRow> rows, int column)
    {
        var values = new T[rows.Count];
        for (var i = 0; i < values.Length; i++) values[i] = (T)rows[i].Values[column]!;
        return values;
    }
}
