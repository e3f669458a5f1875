using System.Security.Cryptography;
using System.Text;
using NpgsqlTypes;

namespace Registry.EventStore.Views;

/// <summary>
/// A read model as its SQL file describes it: a table with <c>id uuid, version bigint, data jsonb</c> and generated
/// columns where a query filters, its indexes, its side tables, and its named queries. <c>{table}</c> stands for the
/// view's table, so that a shadow of it can be made. Sections begin with <c>-- :table</c>, <c>-- :side NAME</c>,
/// <c>-- :query NAME</c> (followed by <c>each-time</c> where its arguments decide how it is best run) or <c>-- :guard NAME</c>: who may see a row of that table, as a condition on it that may ask
/// <c>registry_reading_org()</c> and <c>registry_reading_subject()</c>.
/// </summary>
public sealed class View
{
    private readonly Dictionary<string, NamedQuery> queries = new(StringComparer.Ordinal);
    private readonly string? table;

    /// <param name="name">The view's name, also its table's.</param>
    /// <param name="streamType">The alias of the streams that its rows are folded from.</param>
    /// <param name="sql">The text of its SQL file.</param>
    public View(string name, string streamType, string sql)
    {
        (Name, StreamType) = (name, streamType);
        var sections = Sections(sql);
        table = sections.SingleOrDefault(s => s.Kind == "table").Body;
        SideTables = [.. sections.Where(s => s.Kind == "side").Select(s => (s.Name, s.Body))];
        Guarded = [.. sections.Where(s => s.Kind == "guard").Select(s => (s.Name, s.Body))];
        foreach (var section in sections.Where(s => s.Kind == "query"))
        {
            queries.Add(section.Name, new NamedQuery(name, section.Name, section.Body.Replace("{table}", name, StringComparison.Ordinal), section.PlannedEachTime));
        }
        Rows = new Table(
            name, "ON CONFLICT (id) DO UPDATE SET version = excluded.version, data = excluded.data",
            new Column("id", NpgsqlDbType.Uuid), new Column("version", NpgsqlDbType.Bigint), new Column("data", NpgsqlDbType.Jsonb))
        {
            IsView = true,
        };
    }

    /// <summary>The view's name, also its table's.</summary>
    public string Name { get; }

    /// <summary>The alias of the streams that its rows are folded from.</summary>
    public string StreamType { get; }

    /// <summary>Tables beside the view that the same appends write, by name.</summary>
    public IReadOnlyList<(string Name, string Sql)> SideTables { get; }

    /// <summary>Tables whose rows are guarded, with the condition under which a row may be seen.</summary>
    public IReadOnlyList<(string Table, string Condition)> Guarded { get; }

    /// <summary>Every query of the view.</summary>
    public IEnumerable<NamedQuery> Queries => queries.Values;

    internal Table Rows { get; }

    /// <summary>A query by its name.</summary>
    public NamedQuery Query(string name) => queries[name];

    /// <summary>The row of one stream.</summary>
    /// <param name="id">The stream.</param>
    /// <param name="version">The stream's version that it shows.</param>
    /// <param name="data">Its JSON.</param>
    public TableRow Row(Guid id, long version, string data) => Rows.Row(id, version, data);

    /// <summary>False for a file that brings side tables and queries only.</summary>
    public bool IsFolded => table is not null;

    /// <summary>The table, without statistics of its JSON: PostgreSQL would sort thirty thousand rows by it each time that the table has grown by a tenth, and no query is planned by it.</summary>
    internal string TableSql(string tableName) => $"{table!.Replace("{table}", tableName, StringComparison.Ordinal)}\n; ALTER TABLE {tableName} ALTER COLUMN data SET STATISTICS 0";

    internal string Sha256 => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(table + string.Concat(SideTables.Select(s => s.Sql)))));

    private static List<(string Kind, string Name, string Body, bool PlannedEachTime)> Sections(string sql)
    {
        var sections = new List<(string, string, string, bool)>();
        foreach (var part in ("\n" + sql.ReplaceLineEndings("\n")).Split("\n-- :", StringSplitOptions.None).Skip(1))
        {
            var (head, body) = part.IndexOf('\n') is var end && end >= 0 ? (part[..end], part[(end + 1)..]) : (part, "");
            var words = head.Trim().Split(' ');
            sections.Add((words[0], words.Length > 1 ? words[1] : "", body.Trim().TrimEnd(';'), words is [_, _, "each-time"]));
        }
        return sections;
    }
}
