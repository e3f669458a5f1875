using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using JasperFx.Core.Exceptions;
using JasperFx.Events;
using Marten;
using Marten.Internal.Operations;
using Npgsql;
using Weasel.Core;
using Weasel.Storage;
using ICommandBuilder = Weasel.Postgresql.ICommandBuilder;
using IStorageOperation = Marten.Internal.Operations.IStorageOperation;

namespace Registry.EventStore.Streams;

/// <summary>
/// One append in one transaction of Marten's. The head row is locked first and everything decided under it, as with our own
/// engine; then Marten appends the events, and what stands beside them is written on its connection before it commits.
/// </summary>
internal sealed class MartenAppend(IDocumentStore store, Append asked)
{
    private const string LockHead = "SELECT 1 FROM registry_head WHERE one FOR UPDATE";

    /// <summary>
    /// Marten draws its numbers from the sequence, where a value drawn by an append that failed is lost. Under the head row nobody
    /// else draws, so that it is put back to where the log ends.
    /// </summary>
    private const string LineUp = "SELECT setval('mt_events_sequence', greatest(h.position, 1), h.position > 0) FROM registry_head h, mt_events_sequence s "
        + "WHERE h.position <> CASE WHEN s.is_called THEN s.last_value ELSE s.last_value - 1 END";

    private readonly List<IEvent> events = [];
    private WinnersRows? rows;
    private Appended? result;

    public async Task<Appended> Run()
    {
        await using var session = store.LightweightSession();
        await session.BeginTransactionAsync(CancellationToken.None);
        await EngineLock.HoldWithin(session.Connection, Engine.Marten, LockHead, LineUp);
        var locked = Stopwatch.GetTimestamp();
        var ground = await Read(session.Connection);
        if (ground.Conflict(asked) is { } lost) return lost;

        rows = new WinnersRows(ground, ahead: null, trusting: false);
        result = rows.Add(asked);
        foreach (var stream in asked.Streams.Where(s => s.Events.Count > 0)) Queue(session, stream, ground.Version(stream.Stream));
        session.QueueOperation(new WithoutTombstones(session));
        ((ITransactionParticipantRegistrar)session).AddTransactionParticipant(new Beside(this, asked, ground));
        await session.SaveChangesAsync(CancellationToken.None);
        Measures.HeadHeld.Record(Stopwatch.GetElapsedTime(locked).TotalMilliseconds);
        Measures.GroupSize.Record(1);
        return result;
    }

    /// <summary>After the connection broke: the result, if the transaction was committed.</summary>
    public Appended? FindStored(NpgsqlConnection connection) => rows is not null && AppendGroup.IsStored(connection, rows.First) ? result : null;

    private async Task<Ground> Read(NpgsqlConnection connection)
    {
        var ground = Ground.Unread([asked], trusting: false);
        await using var questions = ground.Questions(connection, begun: true);
        await using var answers = await questions.ExecuteReaderAsync(CancellationToken.None);
        ground.Answers(answers);
        return ground;
    }

    private void Queue(IDocumentSession session, StreamAppend stream, long version)
    {
        var data = stream.Events.Select(object (e) => new Json(e.Data)).ToArray();
        var action = session.Events.Append(stream.Stream, version + data.Length, data); // Marten's own test of the version, the second wall
        foreach (var (happened, marten) in stream.Events.Zip(action.Events))
        {
            (marten.Id, marten.EventTypeName, marten.DotNetTypeName, marten.Timestamp) = (happened.Id, happened.Type, happened.ClrType, result!.At);
            (marten.CorrelationId, marten.CausationId) = (asked.Context.Correlation, asked.Context.Causation);
            if (asked.Context.Headers is { } headers) marten.Headers = JsonSerializer.Deserialize<Dictionary<string, object>>(headers);
            events.Add(marten);
        }
    }

    /// <summary>Head, leaves, views, claims, keys and outbox, and what of a stream only we know: its alias and its instants.</summary>
    private sealed class Beside(MartenAppend act, Append asked, Ground ground) : ITransactionParticipant
    {
        public async Task BeforeCommitAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken token)
        {
            if (!act.events.Select(e => e.Sequence).SequenceEqual(Enumerable.Range(1, act.events.Count).Select(n => ground.Position + n)))
            {
                throw new InvalidOperationException("Marten numbered the events otherwise than their leaves"); // somebody drew from the sequence without the head row
            }
            await using var batch = new NpgsqlBatch(connection);
            batch.BatchCommands.Add(act.rows!.Command(besideEvents: true));
            batch.BatchCommands.Add(Streams());
            await using var reader = await batch.ExecuteReaderAsync(token);
            if (!await reader.ReadAsync(token) || !reader.GetBoolean(0)) throw new InvalidOperationException("the head row moved while it was locked");
        }

        private NpgsqlBatchCommand Streams()
        {
            var moved = asked.Streams.Where(s => s.Events.Count > 0).ToList();
            var started = moved.Select(s => ground.Version(s.Stream) == 0).ToArray();
            return new NpgsqlBatchCommand(
                "UPDATE mt_streams s SET type = coalesce(s.type, m.type), timestamp = $3, created = CASE WHEN m.started THEN $3 ELSE s.created END "
                + "FROM unnest($1, $2, $4) AS m (id, type, started) WHERE s.id = m.id AND s.is_archived = false")
            {
                Parameters =
                {
                    new NpgsqlParameter<Guid[]> { TypedValue = [.. moved.Select(s => s.Stream)] }, new NpgsqlParameter<string[]> { TypedValue = [.. moved.Select(s => s.Type)] },
                    new NpgsqlParameter<DateTime> { TypedValue = act.result!.At.UtcDateTime }, new NpgsqlParameter<bool[]> { TypedValue = started },
                },
            };
        }
    }

    /// <summary>
    /// Where an append fails, Marten fills its numbers with tombstones, in a transaction of their own that knows no head row and
    /// leaves no leaf. Here the numbers are put back instead. It also stands for an append without events: a session that has
    /// nothing to do opens no transaction.
    /// </summary>
    private sealed class WithoutTombstones(IDocumentSession session) : IStorageOperation, NoDataReturnedCall, IExceptionTransform
    {
        public Type DocumentType => typeof(IEvent);

        public OperationRole Role() => OperationRole.Other;

        public void ConfigureCommand(ICommandBuilder builder, IStorageSession storage) => builder.Append("SET LOCAL registry.foreseen TO ''");

        public Task PostprocessAsync(System.Data.Common.DbDataReader reader, IList<Exception> exceptions, CancellationToken token) => Task.CompletedTask;

        public bool TryTransform(Exception original, [NotNullWhen(true)] out Exception? transformed)
        {
            session.EjectAllPendingChanges();
            transformed = null;
            return false;
        }
    }
}
