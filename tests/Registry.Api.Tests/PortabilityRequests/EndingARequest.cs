using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Registry.Application;
using Registry.Application.PortabilityRequests;
using Registry.Domain.Kernel;
using Registry.Domain.PortabilityRequests;
using Registry.EventStore.Leaves;

namespace Registry.Api.Tests.PortabilityRequests;

/// <summary>Withdrawal, complaint, closure, and what is kept how long.</summary>
public sealed class EndingARequest : RegistryApp
{
    [Fact]
    public async Task A_withdrawn_request_cancels_what_is_open_and_takes_no_answer_but_records_what_comes_late()
    {
        var asked = await Asked.Received(this);
        var lines = await asked.Ids();
        await asked.Deliver(lines[0]);
        var withdrawn = await asked.Do(asked.Union, "withdrawal");
        Assert.Equal(("withdrawn", 2, 6), (withdrawn["state"].Text(), withdrawn["lines"]!["fulfilled"]!.GetValue<int>(), withdrawn["lines"]!["cancelled"]!.GetValue<int>()));
        await asked.Platform.Http.Change(asked.At, "extension", new JsonObject { ["reason"] = "complexity" }).ExpectProblem(409, "request-withdrawn");
        await asked.Platform.Http.Change(asked.At, "acknowledgement").ExpectProblem(409, "request-withdrawn");
        var late = await asked.Deliver(lines[1]);
        Assert.Equal(("withdrawn", 0, 1), (late["state"].Text(), late["deliveries"]![1]!["lines"]!.GetValue<int>(), late["deliveries"]![1]!["late"]!.GetValue<int>()));
        var (again, events) = ((await asked.Union.Http.Get(asked.At)).ETag, await Scalar<long>("SELECT count(*) FROM mt_events"));
        await asked.Do(asked.Union, "withdrawal"); // again is harmless
        Assert.Equal(events, await Scalar<long>("SELECT count(*) FROM mt_events"));
        Assert.Equal(again, (await asked.Union.Http.Get(asked.At)).ETag);

        var drafted = await asked.Union.Http.Post("/v1/portability-requests", asked.Sector.Request(new JsonObject { ["minMembers"] = 1 })).Expect(201);
        Assert.Equal("withdrawn", (await asked.Union.Http.Change($"/v1/portability-requests/{drafted["id"]}", "withdrawal").Expect(200))["state"].Text());
        await asked.Union.Http.Change($"/v1/portability-requests/{drafted["id"]}", "filing").ExpectProblem(409, "request-withdrawn");
    }

    [Fact]
    public async Task GDPR_77_a_complaint_needs_a_grievance_and_opens_the_request_to_its_authority()
    {
        var asked = await Asked.Received(this);
        var (cnil, dutch) = (asked.Sector.Authority, await Register("authority", "AP", new JsonObject { ["country"] = "NL" }));
        JsonObject To(Organisation authority) => new() { ["authority"] = authority.Id };
        await asked.Union.Http.Change(asked.At, "escalation", To(cnil)).ExpectProblem(409, "nothing-to-escalate");
        await asked.Union.Http.Change(asked.At, "escalation", To(asked.Platform)).ExpectProblem(422, "wrong-kind-of-organisation", "/authority");
        await cnil.Http.Get(asked.At).ExpectProblem(404, "unknown-request");
        await MoveTo("2026-12-29");
        var scope = new JsonObject { ["rights"] = new JsonArray("complain"), ["categories"] = new JsonArray("reg:observed"), ["purposes"] = new JsonArray("dpv:RightsFulfillment"), ["controllers"] = new JsonArray(asked.Platform.Id) };
        var complaining = asked.Sector.PaperMandate(asked.Union, "M-9", "2026-12-29", "2027-11-25");
        complaining["scopes"]!.AsArray().Add(scope);
        await asked.Union.Http.Post("/v1/mandates", complaining).Expect(201); // in no line of this request: counts for nothing
        var escalated = await asked.Do(asked.Union, "escalation", To(cnil));
        Assert.Equal(("escalated", true, 8, 0), (escalated["state"].Text(), escalated["escalations"]![0]!["isLead"]!.GetValue<bool>(), escalated["escalations"]![0]!["overdue"]!.GetValue<int>(), escalated["escalations"]![0]!["complainants"]!.GetValue<int>()));
        Assert.False((await asked.Do(asked.Union, "escalation", To(dutch)))["escalations"]![1]!["isLead"]!.GetValue<bool>());
        Assert.Equal("escalated", (await cnil.Http.Get(asked.At).Expect(200))["state"].Text());
        Assert.Equal("overdue", (await asked.Platform.Http.Get(asked.At).Expect(200))["state"].Text()); // it is not told that somebody complained
        await cnil.Http.Get(asked.At + "/deadlines").Expect(200);
        await cnil.Http.Get(asked.At + "/lines").ExpectProblem(403, "wrong-role");
        Assert.Empty((await cnil.Http.Get(asked.At).Expect(200))["excluded"]!.AsArray());
        await asked.Deliver([.. await asked.Ids()]); // still owed, still taken
        Assert.Equal("closed", (await asked.Do(asked.Union, "closure"))["state"].Text());
    }

    [Fact]
    public async Task The_closure_destroys_what_named_people_and_ends_every_answer()
    {
        var asked = await Asked.Received(this);
        var lines = await asked.Ids();
        await asked.Do(asked.Platform, "identity-questions", Asked.Named(lines[0]));
        await asked.Do(asked.Union, "identity-answers", new JsonObject { ["items"] = new JsonArray(new JsonObject { ["line"] = lines[0], ["answer"] = "it is me" }) });
        await asked.Union.Http.Change(asked.At, "closure").ExpectProblem(409, "lines-still-open");
        await asked.Deliver([.. lines]);
        Assert.Equal((4L, 1L), (await Scalar<long>("SELECT count(*) FROM request_lines WHERE account IS NOT NULL"), await Scalar<long>("SELECT count(*) FROM line_answers")));
        var closed = await asked.Do(asked.Union, "closure");
        Assert.Equal(("closed", "2026-11-25", "2031-11-25"), (closed["state"].Text(), closed["closedOn"].Text(), closed["keptUntil"].Text()));
        Assert.Equal((0L, 0L), (await Scalar<long>("SELECT count(*) FROM request_lines WHERE account IS NOT NULL"), await Scalar<long>("SELECT count(*) FROM line_answers")));
        Assert.All(await asked.Lines(asked.Platform), l => Assert.Null(l["accountId"]));
        await asked.Platform.Http.Change(asked.At, "deliveries", new JsonObject { ["category"] = "reg:observed.trips", ["format"] = "json", ["schema"] = "s", ["items"] = new JsonArray(new JsonObject { ["line"] = lines[0], ["sha256"] = new string('a', 64), ["bytes"] = 1, ["rows"] = 1 }) })
            .ExpectProblem(409, "request-closed");
        await asked.Union.Http.Change(asked.At, "delivery-checks", new JsonObject { ["delivery"] = closed["deliveries"]![0]!["id"].Text(), ["items"] = new JsonArray(new JsonObject { ["line"] = lines[0], ["result"] = "missing" }) }).ExpectProblem(409, "request-closed");
    }

    [Fact]
    public async Task Lines_are_kept_a_year_after_the_closure_or_to_the_end_of_a_hold_and_the_rest_five()
    {
        var asked = await Asked.Received(this);
        await asked.Deliver([.. await asked.Ids()]);
        await asked.Do(asked.Union, "closure");
        var hold = new JsonObject { ["ground"] = "wages", ["until"] = "2028-02-01" };
        await asked.Union.Http.Change(asked.At, "holds", new JsonObject { ["ground"] = "wages", ["until"] = "2029-11-26" }).ExpectProblem(422, "hold-too-long", "/until"); // CT L3245-1: three years
        await asked.Union.Http.Change(asked.At, "holds", new JsonObject { ["ground"] = "contract", ["until"] = "2028-11-26" }).ExpectProblem(422, "hold-too-long", "/until"); // CT L1471-1: two
        await asked.Union.Http.Change(asked.At, "holds", new JsonObject { ["ground"] = "curiosity", ["until"] = "2027-01-01" }).ExpectProblem(422, "unknown-ground", "/ground");
        await asked.Union.Http.Change(asked.At, "holds", new JsonObject { ["ground"] = "wages", ["until"] = "2026-11-25" }).ExpectProblem(422, "already-over", "/until");
        await asked.Do(asked.Union, "holds", hold);
        await MoveTo("2027-11-26"); // a year later: held
        await Instance.Keeping.Apply(default);
        Assert.Equal(4L, await Scalar<long>("SELECT count(*) FROM request_lines"));
        await MoveTo("2028-02-01");
        Assert.Equal(8, (await asked.Lines(asked.Platform)).Count);
        Assert.DoesNotContain((await Operator.Get("/v1/retention").Expect(200))["items"]!.AsArray(), i => i!["kind"].Text() == "lines");
        Assert.Contains("lines_sealed", (await Events(asked.Union, asked.At)).Select(e => e["type"].Text()));
        await MoveTo("2028-02-02");
        Assert.Empty((await asked.Platform.Http.Get(asked.At + "/lines").Expect(200))["items"]!.AsArray()); // not answered, though the clean-up is late
        Assert.DoesNotContain((await Events(asked.Union, asked.At)).Select(e => e["type"].Text()), type => type.StartsWith("lines_", StringComparison.Ordinal)); // nor in the dossier
        Assert.Equal("2028-02-01", (await Operator.Get("/v1/retention").Expect(200))["items"]!.AsArray().Single(i => i!["kind"].Text() == "lines")!["keptUntil"].Text());
        await Instance.Keeping.Apply(default);
        Assert.Equal((0L, 0L), (await Scalar<long>("SELECT count(*) FROM request_lines"), await Scalar<long>("SELECT count(*) FROM line_blocks")));
        Assert.Equal("{}", await Scalar<string>("SELECT DISTINCT data::text FROM mt_events WHERE type = 'lines_sealed'"));
        var kept = await asked.Union.Http.Get(asked.At).Expect(200);
        Assert.Equal(8, kept["lines"]!["fulfilled"]!.GetValue<int>()); // what stood at the closure
        Assert.Matches("^[0-9a-f]{64}$", kept["deliveries"]![0]!["manifestRoot"].Text());
        await MoveTo("2031-11-25");
        await asked.Union.Http.Get(asked.At).Expect(200);
        await MoveTo("2031-11-26");
        await asked.Union.Http.Get(asked.At).ExpectProblem(404, "unknown-request");
        await asked.Platform.Http.Get(asked.At).ExpectProblem(404, "unknown-request");
        Assert.Empty((await asked.Union.Http.Get("/v1/portability-requests").Expect(200))["items"]!.AsArray());
        await Instance.Keeping.Apply(default);
        Assert.Equal(0L, await Scalar<long>("SELECT count(*) FROM portability_requests"));
        Assert.Equal("{}", await Scalar<string>("SELECT DISTINCT data::text FROM mt_events WHERE type LIKE 'request%'"));
    }

    /// <summary>GDPR Art. 80(1): of those in the request, who let the union complain.</summary>
    [Fact]
    public async Task GDPR_80_1_the_complaint_says_for_how_many_the_union_is_mandated()
    {
        var sector = await Sector.Found(this);
        var union = sector.Unions['A'];
        var complaining = sector.PaperMandate(union, "M-0", "2026-11-25", "2027-11-25");
        complaining["scopes"]!.AsArray().Add(new JsonObject { ["rights"] = new JsonArray("complain"), ["categories"] = new JsonArray("reg:observed"), ["purposes"] = new JsonArray("dpv:RightsFulfillment"), ["controllers"] = new JsonArray(sector.Platform.Id) });
        await union.Http.Post("/v1/mandates", complaining).Expect(201);
        await union.Http.Post("/v1/mandates", sector.PaperMandate(union, "M-1", "2026-11-25", "2027-11-25")).Expect(201);
        var asked = new Asked(sector, union, sector.Platform, await sector.Filed(union, new JsonObject { ["minMembers"] = 1 }), []);
        await asked.Do(asked.Platform, "receipt");
        await MoveTo("2026-12-29");
        var escalated = await asked.Do(union, "escalation", new JsonObject { ["authority"] = sector.Authority.Id });
        Assert.Equal(1, escalated["escalations"]![0]!["complainants"]!.GetValue<int>());
        Assert.Empty((await asked.Platform.Http.Get(asked.At).Expect(200))["escalations"]!.AsArray()); // for how many is not the platform's to read
    }

    /// <summary>That an answer came late stays shown once everything was answered, and after the lines are gone.</summary>
    [Fact]
    public async Task The_dossier_shows_what_was_late_also_once_it_was_answered()
    {
        var asked = await Asked.Received(this);
        var lines = await asked.Ids();
        await asked.Deliver(lines[0]);
        await MoveTo("2026-12-28");
        await asked.Deliver(lines[1]); // on the last day
        await MoveTo("2026-12-29");
        await asked.Deliver([.. lines]); // one day after it
        async Task<string> Late()
        {
            using var http = asked.Union.Http.Raw();
            await using var zip = new ZipArchive(new MemoryStream(await http.GetByteArrayAsync(new Uri(asked.At + "/dossier", UriKind.Relative))));
            using var reader = new StreamReader(zip.GetEntry("late.json")!.Open());
            return string.Join(' ', JsonNode.Parse(await reader.ReadToEndAsync())!.AsArray().Select(l => $"{l!["hook"]} {l["due"]} {l["lines"]}"));
        }
        Assert.Equal("gdpr:A20 2026-12-28 2 ct:L7342-7 2026-12-28 2", await Late());
        await asked.Do(asked.Union, "closure");
        await MoveTo("2028-01-06");
        await Instance.Keeping.Apply(default);
        Assert.Equal(0L, await Scalar<long>("SELECT count(*) FROM line_blocks"));
        Assert.Equal("gdpr:A20 2026-12-28 2 ct:L7342-7 2026-12-28 2", await Late());
        await asked.Do(asked.Union, "closure"); // again is harmless
    }

    /// <summary>A filing that was stopped leaves blocks that no request names: they go, and nobody else's lines.</summary>
    [Fact]
    public async Task Lines_that_no_request_names_are_dropped()
    {
        var asked = await Asked.Received(this);
        await using (var scope = Services.CreateAsyncScope())
        {
            var (ledger, block, request) = (scope.ServiceProvider.GetRequiredService<Ledger>(), Guid.NewGuid(), Guid.Parse(asked.At.Split('/')[^1]));
            await ledger.Together<LineBlockView, LineBlockEvent>(act =>
            {
                act.Write(LineBlockView.Lines.Row(Guid.NewGuid(), asked.Mandates[0], block, request, Guid.NewGuid(), new byte[40]));
                return Task.FromResult(act.Start<LineBlock, LineBlockEvent, LineBlockView>(block, new LinesSealed(new BlockId(block), new RequestId(request), 9, [], [], Instance.Clock.Now)));
            }, default);
        }
        Assert.Equal((5L, 2L), (await Scalar<long>("SELECT count(*) FROM request_lines"), await Scalar<long>("SELECT count(*) FROM line_blocks")));
        await Instance.Keeping.Apply(default);
        Assert.Equal((4L, 1L), (await Scalar<long>("SELECT count(*) FROM request_lines"), await Scalar<long>("SELECT count(*) FROM line_blocks")));
        Assert.Equal(8, (await asked.Lines(asked.Platform)).Count);
    }

    [Fact]
    public async Task An_auditor_reads_along_until_a_day_and_sees_the_chain_not_the_names()
    {
        var asked = await Asked.Received(this);
        var auditor = await Register("auditor", "Auditor");
        await auditor.Http.Get(asked.At).ExpectProblem(404, "unknown-request");
        await asked.Union.Http.Change(asked.At, "auditors", new JsonObject { ["organisation"] = asked.Platform.Id, ["until"] = "2027-01-01" }).ExpectProblem(422, "wrong-kind-of-organisation", "/organisation");
        await asked.Union.Http.Change(asked.At, "auditors", new JsonObject { ["organisation"] = auditor.Id, ["until"] = "2026-11-24" }).ExpectProblem(422, "already-over", "/until");
        await asked.Do(asked.Union, "auditors", new JsonObject { ["organisation"] = auditor.Id, ["until"] = "2026-12-01" });
        await auditor.Http.Get(asked.At).Expect(200);
        await auditor.Http.Get(asked.At + "/completeness").Expect(200);
        await auditor.Http.Get(asked.At + "/lines").ExpectProblem(403, "wrong-role");
        var (theirs, whole) = (await Events(auditor, asked.At), await Events(asked.Union, asked.At));
        Assert.Equal(whole.Select(e => e["leaf"].Text()), theirs.Select(e => e["leaf"].Text()));
        Assert.All(theirs.Where(e => e["type"].Text().StartsWith("lines_", StringComparison.Ordinal) || e["type"].Text() is "request_drafted" or "request_filed"), e => Assert.True(e["data"] is null && e["salt"] is null));
        var text = string.Concat(theirs.Select(e => e.ToJsonString()));
        Assert.All(asked.Mandates, mandate => Assert.DoesNotContain(mandate.ToString(), text, StringComparison.Ordinal));
        await MoveTo("2026-12-02");
        await auditor.Http.Get(asked.At).ExpectProblem(404, "unknown-request");
        await auditor.Http.Get(asked.At + "/dossier").ExpectProblem(404, "unknown-request");
    }

    /// <summary>C. civ. 1366: each event of the dossier is shown to stand where it says, by its leaf; a changed sign is noticed.</summary>
    [Fact]
    public async Task The_dossier_holds_every_event_with_what_proves_it()
    {
        var asked = await Asked.Received(this);
        await asked.Deliver([.. await asked.Ids()]);
        var reads = await Scalar<long>("SELECT count(*) FROM mt_events WHERE type = 'disclosure_made'");
        var events = await Events(asked.Union, asked.At);
        Assert.Equal(reads + 1, await Scalar<long>("SELECT count(*) FROM mt_events WHERE type = 'disclosure_made'"));
        Assert.Equal(["request_drafted", "request_filed", "request_received", "delivery_declared", "lines_sealed", "lines_delivered"], events.Select(e => e["type"].Text()));
        foreach (var happened in events)
        {
            byte[] Of(string data) => Leaf.Of(
                Convert.FromHexString(happened["salt"].Text()), happened["position"]!.GetValue<long>(), happened["stream"]!.GetValue<Guid>(), happened["version"]!.GetValue<long>(), happened["type"].Text(),
                DateTimeOffset.Parse(happened["at"].Text(), System.Globalization.CultureInfo.InvariantCulture), data);
            var data = happened["data"]!.ToJsonString();
            Assert.Equal(happened["leaf"].Text(), Convert.ToHexStringLower(Of(data)));
            Assert.NotEqual(happened["leaf"].Text(), Convert.ToHexStringLower(Of(data.Replace('2', '3'))));
        }
        await asked.Platform.Http.Get(asked.At + "/dossier").ExpectProblem(403, "wrong-role");
    }

    private static async Task<List<JsonNode>> Events(Organisation who, string at)
    {
        using var http = who.Http.Raw();
        var bytes = await http.GetByteArrayAsync(new Uri(at + "/dossier", UriKind.Relative));
        await using var zip = new ZipArchive(new MemoryStream(bytes));
        Assert.Equal(["README.txt", "request.json", "deadlines.json", "late.json", "events.ndjson"], zip.Entries.Select(e => e.FullName));
        using var reader = new StreamReader(zip.GetEntry("events.ndjson")!.Open(), Encoding.UTF8);
        return [.. (await reader.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
    }
}
