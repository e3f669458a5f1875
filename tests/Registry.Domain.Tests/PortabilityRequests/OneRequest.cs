using Registry.Domain.Calendars;
using Registry.Domain.Kernel;
using Registry.Domain.PortabilityRequests;
using static Registry.Domain.Tests.GivenWhenThen;

namespace Registry.Domain.Tests.PortabilityRequests;

/// <summary>A request with its lines, driven by the decisions alone, as the handlers compose them: blocks first, then the request.</summary>
internal sealed class OneRequest
{
    public static readonly OrganisationId Union = Org(1), Platform = Org(9);

    private readonly RequestId id = new(Guid.NewGuid());
    private readonly HolidayCalendar calendar;
    private readonly List<(DateOnly Day, RequestEvent Event)> requestLog = [];
    private readonly List<(DateOnly Day, LineBlockEvent Event)> lineLog = [];

    public OneRequest(DateOnly filedOn, int members, int perBlock = LineBlock.Capacity, string country = "FR", IReadOnlyList<LineColumn>? columns = null, IReadOnlyList<SealedLine>? lines = null, string? subdivision = null)
    {
        Today = filedOn;
        calendar = Law.Calendars.At(country, subdivision);
        Columns = columns ?? [new("reg:observed.trips", "gdpr:A20"), new("reg:observed.trips", "ct:L7342-7"), new("reg:reputation.ratings", "gdpr:A15")];
        Lines = lines ?? [.. Enumerable.Range(0, members).Select(i => new SealedLine(
            new LineId(new Guid(i + 1, 1, 0, new byte[8])), new MandateId(new Guid(i + 1, 2, 0, new byte[8])), i % 3 == 2 ? Recipient.Member : Recipient.Representative, i % 4 == 3 ? [0, 2] : [.. Enumerable.Range(0, Columns.Count)]))];
        var matter = new RequestMatter(
            Union, Platform, [.. Columns.Select(c => c.Hook).Distinct()], [.. Columns.Select(c => c.Category).Distinct()], "dpv:RightsFulfillment", null, new Stewardship(["two"], "P12M", "sealed"), new CohortChoice(true, []), "json", null, 1);
        Apply(new RequestDrafted(id, matter, members, [], At));
        Blocks = [.. Lines.Chunk(perBlock).Select((chunk, index) => Seal(chunk, index))];
        Apply(new RequestFiled(id, Lines.Count, new string('0', 64), [.. Blocks.Select(b => b.Id)], [], filedOn, At));
    }

    public DateOnly Today { get; set; }

    public IReadOnlyList<LineColumn> Columns { get; }

    public IReadOnlyList<SealedLine> Lines { get; }

    public PortabilityRequest Facts { get; private set; } = null!;

    public List<LineBlock> Blocks { get; }

    public DateTimeOffset At => new(Today.ToDateTime(new TimeOnly(12, 0)), TimeSpan.Zero);

    public RequestClock Clock => new(Facts.Received!.ReceivedOn, calendar);

    public BlockLine Line(int number) => Blocks.SelectMany(b => b.Lines).Single(l => l.Line == Lines[number].Line);

    public LineState? State(int number, int column = 0) => Line(number).States[column];

    public LineCounts Counts => Blocks.SelectMany(b => b.Groups()).Aggregate(LineCounts.None, (sum, g) => sum + g.Counts);

    public string StateOn(DateOnly day) => RequestState.On(Facts, Counts, Overdue(Blocks, day).Count > 0);

    public DateOnly? Due(int number, int column = 0) => Clock.Last(Law.Hooks.Find(Columns[column].Hook)!, Line(number).Clock, Today)?.Due;

    /// <summary>What is overdue on a day, from what had been done by its end.</summary>
    public IReadOnlyList<(LineId Line, int Column)> OverdueOn(DateOnly day)
    {
        var blocks = Blocks.Select(b => lineLog.Where(l => l.Day <= day && l.Event.Block == b.Id).Select(l => l.Event).Aggregate((LineBlock?)null, LineBlock.Evolve)!);
        return Overdue(blocks, day);
    }

    public Outcome<RequestEvent> Receive(OrganisationId by, DateOnly on, ReceiptProof? proof = null) => Apply(Requesting.Receive(Facts, by, on, proof, Today, At));

    public LineOutcome Ask(params int[] members) => Each(b => b.AskIdentity(Ids(members), Clock, Law.Hooks, Today, At), n => Replying.AskIdentity(Facts, Platform, n, Today, At), members);

    public LineOutcome Answer(params int[] members) => Each(b => b.AnswerIdentity(Ids(members), null, Today, At), n => Replying.AnswerIdentity(Facts, Union, n, Today, At), members);

    public LineOutcome Extend(params int[] members) =>
        Each(b => b.Extend(members.Length == 0 ? null : Ids(members), Clock, Law.Hooks, Today, At), n => Replying.Extend(Facts, Platform, new ExtensionNoticed(id, ExtensionReason.Complexity, null, Today, Today, n, 1, At)), members);

    public LineOutcome Refuse(string ground, params int[] members)
    {
        var refusal = new RefusalId(Guid.NewGuid());
        return Each(
            b => b.Refuse(refusal, members.Length == 0 ? null : Ids(members), Law.Ground(ground, Today, "FR")!, Clock, Law.Hooks, Today, At),
            n => Replying.Refuse(Facts, Platform, new RequestRefused(id, refusal, ground, "why", ["CNIL"], null, RefusalStanding.Valid, [], n, 0, Today, At)), members);
    }

    public LineOutcome Match(MatchResult result, params int[] members) => Each(
        b => b.Match([.. Ids(members).Select(l => new MatchedLine(l, result))], Clock, Law.Hooks, Today, At), n => Replying.Match(Facts, Platform, new MatchesAnswered(id, n, 0, 0, Today, At)), members);

    public (LineOutcome Outcome, DeliveryId Delivery) Deliver(string category, params int[] members)
    {
        var delivery = new DeliveryId(Guid.NewGuid());
        var late = 0;
        var outcome = Each(
            b =>
            {
                var done = b.Deliver(delivery, category, [.. Ids(members).Where(l => b.Lines.Any(x => x.Line == l)).Select(l => new DeliveredLine(l, new string('a', 64), 1, 1, null))], Today, At);
                late += done.Late;
                return done;
            },
            n => Replying.Deliver(Facts, Platform, new DeliveryDeclared(id, delivery, category, "json", "s", n, At, Today, late)), members);
        return (outcome, delivery);
    }

    public LineOutcome Check(DeliveryId delivery, string category, CheckResult result, int member, bool byMember = false, string? sha256 = null) => Each(
        b => b.Check(delivery, category, [new CheckedLine(Lines[member].Line, result, sha256)], byMember ? new HashSet<MandateId> { Lines[member].Mandate } : null, Today, At),
        n => Replying.Check(Facts, byMember ? null : Union, new DeliveryChecked(id, delivery, byMember, n, 0, Today, At)), [member]);

    public void Cancel(int member, params int[] still)
    {
        for (var i = 0; i < Blocks.Count; i++) Take(i, AnsweringLines.Cancel(Blocks[i], Lines[member].Mandate, still.ToHashSet(), Today, At));
    }

    public void Show(int member, DateOnly until, Recipient deliverTo = Recipient.Representative)
    {
        for (var i = 0; i < Blocks.Count; i++) Take(i, AnsweringLines.Show(Blocks[i], Lines[member].Mandate, until, deliverTo, At));
    }

    /// <summary>An earlier receipt is proved.</summary>
    public void Prove(DateOnly on)
    {
        for (var i = 0; i < Blocks.Count; i++) Take(i, Blocks[i].Reconsider(new RequestClock(on, calendar), Law.Hooks, At));
        Receive(OneRequest.Union, on, new ReceiptProof("registered letter", "x")).Then();
    }

    public void Withdraw() => Each(b => b.GiveUp(Today, At), n => Requesting.Withdraw(Facts, Union, n, Today, At), []);

    public Outcome<RequestEvent> Apply(Outcome<RequestEvent> outcome)
    {
        foreach (var happened in outcome.Events)
        {
            requestLog.Add((Today, happened));
            Facts = PortabilityRequest.Evolve(Facts, happened)!;
        }
        return outcome;
    }

    public RequestId Id => id;

    private LineOutcome Each(Func<LineBlock, LineOutcome> decide, Func<int, Outcome<RequestEvent>> request, int[] members)
    {
        var (events, accepted, late, rejected) = (new List<LineBlockEvent>(), 0, 0, new List<RejectedLine>());
        for (var i = 0; i < Blocks.Count; i++)
        {
            var outcome = decide(Blocks[i]);
            Take(i, outcome);
            (accepted, late) = (accepted + outcome.Accepted, late + outcome.Late);
            events.AddRange(outcome.Events);
            var here = Blocks[i].Lines.Select(l => l.Line).ToHashSet();
            rejected.AddRange(outcome.Rejected.Where(r => here.Contains(r.Line) && (members.Length == 0 || members.Any(m => Lines[m].Line == r.Line))));
        }
        var told = Apply(request(accepted));
        Assert.Null(told.Refused);
        return new LineOutcome(events, accepted, late, rejected);
    }

    private void Take(int block, Outcome<LineBlockEvent> outcome)
    {
        foreach (var happened in outcome.Events)
        {
            lineLog.Add((Today, happened));
            Blocks[block] = LineBlock.Evolve(Blocks[block], happened)!;
        }
    }

    private LineBlock Seal(SealedLine[] chunk, int index)
    {
        var sealing = new LinesSealed(new BlockId(Guid.NewGuid()), id, index, Columns, chunk, At);
        lineLog.Add((Today, sealing));
        return LineBlock.Evolve(null, sealing)!;
    }

    private IReadOnlyList<LineId> Ids(int[] members) => [.. members.Select(m => Lines[m].Line)];

    private List<(LineId, int)> Overdue(IEnumerable<LineBlock> blocks, DateOnly day) => Facts.Received is null || Facts.Received.ReceivedOn > day ? [] :
    [
        .. from block in blocks
           from line in block.Lines
           from column in Enumerable.Range(0, block.Columns.Count)
           where BlockLine.IsOpen(line.States[column]) && Clock.IsOverdue(Law.Hooks.Find(block.Columns[column].Hook)!, line.Clock, day)
           select (line.Line, column),
    ];
}
