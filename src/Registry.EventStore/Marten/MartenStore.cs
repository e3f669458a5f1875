using System.Text.Json;
using System.Text.Json.Serialization;
using JasperFx;
using JasperFx.Events;
using Marten;
using Marten.Services.Json.Transformations;
using Npgsql;

namespace Registry.EventStore.Streams;

/// <summary>An event's JSON as it is stored. What it means is known above; Marten only carries it.</summary>
[JsonConverter(typeof(AsItIs))]
internal sealed record Json(string Text)
{
    private sealed class AsItIs : JsonConverter<Json>
    {
        public override Json Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException("events are read by their names");

        public override void Write(Utf8JsonWriter writer, Json value, JsonSerializerOptions options) => writer.WriteRawValue(value.Text);
    }
}

/// <summary>Marten, set to the tables as our numbered SQL makes them, and told to make none.</summary>
internal static class MartenStore
{
    /// <summary>What Marten itself may have appended for another program.</summary>
    private static readonly string[] Martens = ["tombstone", "archived"];

    public static DocumentStore On(NpgsqlDataSource source, IEnumerable<string> names) => DocumentStore.For(options =>
    {
        options.Connection(source);
        options.DatabaseSchemaName = Database.SchemaName;
        options.AutoCreateSchemaObjects = AutoCreate.None;
        options.UseSystemTextJsonForSerialization();
        options.Events.UseArchivedStreamPartitioning = true;
        options.Events.MetadataConfig.CorrelationIdEnabled = true;
        options.Events.MetadataConfig.CausationIdEnabled = true;
        options.Events.MetadataConfig.HeadersEnabled = true;
        options.Events.AppendMode = EventAppendMode.Rich; // numbers are known before the write, and no function of Marten's is needed
        foreach (var name in names.Concat(Martens)) options.Events.Upcast<Json>(name, new JsonTransformation((_, reader, column) => new Json(reader.GetString(column))));
        options.ConfigurePolly(_ => { }); // what broke off is looked up and repeated by us: a repetition without the head row would rest on nothing
        options.ConfigureWritePolly(_ => { });
        options.DisableNpgsqlLogging = true;
    });

    /// <summary>What PostgreSQL said, out of what Marten wraps around it.</summary>
    public static Exception Cause(Exception error)
    {
        if (error is OperationCanceledException) return error; // whatever PostgreSQL said of it, somebody hung up
        for (var inner = error; inner is not null; inner = inner.InnerException)
        {
            if (inner is DatabaseAwayException or NpgsqlException || Database.IsAway(inner)) return inner;
        }
        return error;
    }
}
