using System.Collections.Concurrent;
using System.Text;
using Npgsql;

namespace Registry.EventStore.Streams;

/// <summary>
/// Everything that a group writes, as one statement: the head row moves first and only from where it is expected to stand;
/// each other part is written only if it moved. What PostgreSQL does once per statement it does once per group. Marten's
/// sequence moves last, from what was stored.
/// </summary>
internal static class LogStatement
{
    private const int OwnParameters = 4;

    private static readonly ConcurrentDictionary<string, string> Known = new(StringComparer.Ordinal);

    /// <summary>Answers one row whose first column tells whether it was written.</summary>
    public static NpgsqlBatchCommand Of(IReadOnlyList<Part> parts, bool withEvents) =>
        new(Known.GetOrAdd(string.Join(' ', parts.Select(part => part.Shape)), _ => Sql(parts, withEvents)));

    private static string Sql(IReadOnlyList<Part> parts, bool withEvents)
    {
        var sql = new StringBuilder($"WITH head AS (UPDATE registry_head SET position = $1, at = $2 WHERE one AND position = $3 AND at = $4 AND {Guard.Holds} RETURNING 1)");
        var next = OwnParameters + 1;
        foreach (var part in parts)
        {
            sql.Append($", {part.Name} AS ({part.Sql(next)}{(part is MovedStreams ? " AND" : " WHERE")} EXISTS (SELECT FROM head)");
            if (part is NewRows { Tail: var tail }) sql.Append(' ').Append(tail);
            if (part is NewEvents) sql.Append(" RETURNING seq_id");
            sql.Append(')');
            next += part.Width;
        }
        sql.Append(" SELECT EXISTS (SELECT FROM head)");
        if (withEvents) sql.Append(", setval('mt_events_sequence', max(seq_id)) FROM stored");
        return sql.ToString();
    }
}
