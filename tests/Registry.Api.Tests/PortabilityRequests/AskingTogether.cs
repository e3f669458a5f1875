using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Registry.Application;
using Registry.Application.Mandates;
using Registry.Application.PortabilityRequests;
using Registry.Domain.Kernel;
using Registry.Domain.Mandates;
using Registry.Domain.PortabilityRequests;

namespace Registry.Api.Tests.PortabilityRequests;

public sealed class AskingTogether : RegistryApp
{
    private const int Members = 12;

    [Fact]
    public async Task From_draft_to_fulfilled_with_one_change_of_mind()
    {
        var sector = await Sector.Found(this);
        var (union, platform) = (sector.Unions['A'], sector.Platform);
        var mandates = await sector.Record(union, Members);
        var drafted = await union.Http.Post("/v1/portability-requests", sector.Request()).Expect(201);
        Assert.Equal(("drafted", Members), (drafted["state"].Text(), drafted["cohort"]!["count"]!.GetValue<int>()));
        var at = $"/v1/portability-requests/{drafted["id"]}";
        await platform.Http.Get(at).ExpectProblem(404, "unknown-request"); // nothing before the filing
        await platform.Http.Get(at + "/lines").ExpectProblem(404, "unknown-request");
        Assert.Empty((await platform.Http.Get("/v1/portability-requests").Expect(200))["items"]!.AsArray());

        var filed = await union.Http.Change(at, "filing").Expect(200);
        Assert.Equal("filed", filed["state"].Text());
        Assert.Matches("^[0-9a-f]{64}$", filed["cohort"]!["merkleRoot"].Text());
        Assert.Null(filed["deadlines"]!["next"]); // no clock before receipt
        await union.Http.Change(at, "filing").ExpectProblem(409, "already-filed");
        await platform.Http.Change(at, "acknowledgement").ExpectProblem(409, "not-received");
        Assert.Single((await platform.Http.Get("/v1/portability-requests?state=filed").Expect(200))["items"]!.AsArray());

        var received = await platform.Http.Change(at, "receipt", new JsonObject()).Expect(200);
        Assert.Equal(("received", "2026-12-28"), (received["state"].Text(), received["deadlines"]!["next"].Text()));
        Assert.Equal("acknowledged", (await platform.Http.Change(at, "acknowledgement").Expect(200))["state"].Text());
        var deadlines = await union.Http.Get(at + "/deadlines").Expect(200);
        var gdpr = deadlines["items"]!.AsArray().Single(d => d!["hook"].Text() == "gdpr:A20")!;
        Assert.Equal(("2026-11-25", "2026-12-25", "2026-12-28", Members), (gdpr["receivedOn"].Text(), gdpr["unrolled"].Text(), gdpr["due"].Text(), gdpr["lines"]!.GetValue<int>()));
        Assert.Equal("Noël", gdpr["reason"]![0]!["holiday"]!["fr"].Text());
        Assert.False(gdpr["overdue"]!.GetValue<bool>());
        Assert.True((await union.Http.Get(at + "/deadlines?asOf=2026-12-29").Expect(200))["items"]![0]!["overdue"]!.GetValue<bool>());

        var lines = await Lines(platform, at);
        Assert.Equal(Members * 2, lines.Count);
        Assert.Equal(Enumerable.Range(0, Members).Select(i => $"account-{i}").Order(), lines.Select(l => l["accountId"].Text()).Distinct().Order());
        Assert.All(await Lines(union, at), line => Assert.Null(line["accountId"]));
        await union.Http.Post($"/v1/mandates/{mandates[4]}/withdrawal", new JsonObject { ["receivedOn"] = "2026-11-25" }).Expect(200);
        var after = await Lines(platform, at);
        Assert.Equal(2, after.Count(l => l["state"].Text() == "cancelled"));
        Assert.All(after.Where(l => l["state"].Text() == "cancelled"), line => Assert.Null(line["accountId"]));

        var first = await platform.Http.Change(at, "deliveries", Delivery(lines.Take(6))).Expect(200);
        Assert.Equal("partiallyFulfilled", first["state"].Text());
        var last = await platform.Http.Change(at, "deliveries", Delivery(lines)).Expect(200);
        Assert.Equal("fulfilled", last["state"].Text());
        Assert.Contains(last["result"]!["rejected"]!.AsArray(), r => r!["reason"].Text() == "cancelled");
        Assert.Equal(22, last["lines"]!["fulfilled"]!.GetValue<int>());
        Assert.Equal(2, last["lines"]!["cancelled"]!.GetValue<int>());
        var complete = await union.Http.Get(at + "/completeness").Expect(200);
        Assert.Equal((24, 22), (complete["asked"]!.GetValue<int>(), complete["delivered"]!.GetValue<int>()));
        Assert.Equal(4L, await Scalar<long>("SELECT count(*) FROM registry_outbox WHERE topic = 'portability-request.changed'")); // receipt, acknowledgement, two deliveries
        Assert.Equal(1L, await Scalar<long>("SELECT count(*) FROM registry_outbox WHERE topic = 'portability-request.lines-cancelled'"));
    }

    [Fact]
    public async Task A_filing_needs_members_stewardship_a_mandated_and_a_permitted_purpose()
    {
        var sector = await Sector.Found(this);
        var union = sector.Unions['A'];
        await sector.Record(union, 9);
        async Task Refused(JsonObject? more, string code, string pointer)
        {
            var drafted = await union.Http.Post("/v1/portability-requests", sector.Request(more)).Expect(201);
            await union.Http.Change($"/v1/portability-requests/{drafted["id"]}", "filing").ExpectProblem(422, code, pointer);
        }
        await Refused(null, "too-few-members", "/cohort");
        await Refused(new JsonObject { ["stewardship"] = null }, "stewardship-needed", "/stewardship");
        await Refused(new JsonObject { ["purpose"] = "dpv:DisputeManagement" }, "purpose-not-mandated", "/purpose");
        await sector.Filed(union, new JsonObject { ["minMembers"] = 9 });
        await sector.InForce(Sector.Term("1", "reg:observed.trips", "dpv:RightsFulfillment", "forbidden"));
        await Refused(new JsonObject { ["minMembers"] = 5 }, "forbidden-purpose", "/purpose");
    }

    [Fact]
    public async Task A_right_that_does_not_reach_is_refused_at_the_draft()
    {
        var sector = await Sector.Found(this);
        var union = sector.Unions['A'];
        await union.Http.Post("/v1/portability-requests", sector.Request(new JsonObject { ["categories"] = new JsonArray("reg:inferred.scores") })).ExpectProblem(422, "hook-does-not-cover", "/categories/0");
        await union.Http.Post("/v1/portability-requests", sector.Request(new JsonObject { ["hooks"] = new JsonArray("gdpr:A99") })).ExpectProblem(422, "unknown-hook", "/hooks/0");
        await union.Http.Post("/v1/portability-requests", sector.Request(new JsonObject { ["cohort"] = new JsonObject() })).ExpectProblem(400, "all-or-named", "/cohort");
    }

    [Fact]
    public async Task The_excluded_are_told_by_reason_and_a_member_counts_once()
    {
        var sector = await Sector.Found(this);
        var union = sector.Unions['A'];
        var ids = await sector.Record(union, 3);
        await Member("offering").Post("/v1/mandates", sector.Mandate(union, "2026-11-25", "2027-11-25")).Expect(201);
        var beside = sector.PaperMandate(union, "M-0", "2026-11-25", "2027-10-25"); // the same member again
        beside["exclusive"] = false;
        await union.Http.Post("/v1/mandates", beside).Expect(201);
        await union.Http.Post("/v1/mandates", sector.PaperMandate(union, "M-1", "2026-11-25", "2027-10-25")).Expect(201); // and one that takes the first one's place
        await union.Http.Post("/v1/mandates", sector.PaperMandate(union, "later", "2026-12-25", "2027-10-25")).Expect(201);
        await union.Http.Post("/v1/mandates", sector.PaperMandate(union, "other data", "2026-11-25", "2027-10-25", null, "reg:reputation")).Expect(201);
        await union.Http.Post($"/v1/mandates/{ids[2]}/withdrawal", null).Expect(200);
        var drafted = await union.Http.Post("/v1/portability-requests", sector.Request()).Expect(201);
        Assert.Equal(2, drafted["cohort"]!["count"]!.GetValue<int>());
        Assert.Equal(
            ["categoriesOrRightsNotCovered", "notAccepted", "notYetValid", "secondMandateOfTheSameMember", "superseded", "withdrawn"], drafted["excluded"]!.AsArray().Select(e => e!["reason"].Text()));
    }

    /// <summary>A representative that is no more acts through nobody: what it had entrusted ended with it.</summary>
    [Fact]
    public async Task A_substitute_acts_for_nobody_once_the_representative_is_dissolved()
    {
        var sector = await Sector.Found(this);
        var (union, substitute) = (sector.Unions['A'], sector.Unions['B']);
        var entrusted = sector.PaperMandate(union, "M-0", "2026-11-25", "2027-11-25");
        entrusted["subDelegates"] = new JsonArray(substitute.Id);
        var id = (await union.Http.Post("/v1/mandates", entrusted).Expect(201))["id"].Text();
        await union.Http.Post($"/v1/mandates/{id}/substitution", new JsonObject { ["substitute"] = substitute.Id }).Expect(200);
        Assert.Equal(1, (await substitute.Http.Post("/v1/portability-requests", sector.Request()).Expect(201))["cohort"]!["count"]!.GetValue<int>());
        await Operator.Post($"/v1/organisations/{union.Id}/dissolution", new JsonObject()).Expect(200);
        var drafted = await substitute.Http.Post("/v1/portability-requests", sector.Request()).Expect(201);
        Assert.Equal((0, "ended"), (drafted["cohort"]!["count"]!.GetValue<int>(), drafted["excluded"]![0]!["reason"].Text()));
    }

    [Fact]
    public async Task Only_whom_it_concerns_acts_and_reads()
    {
        var sector = await Sector.Found(this);
        await sector.Record(sector.Unions['A'], 10);
        var at = await sector.Filed(sector.Unions['A']);
        var stranger = await Register("platform", "Stranger");
        var etag = (await sector.Platform.Http.Get(at)).ETag!;
        foreach (var outsider in new[] { stranger.Http, sector.Unions['B'].Http })
        {
            await outsider.Get(at).ExpectProblem(404, "unknown-request");
            await outsider.Get(at + "/lines").ExpectProblem(404, "unknown-request");
            await outsider.Get(at + "/deadlines").ExpectProblem(404, "unknown-request");
            await outsider.Post(at + "/receipt", new JsonObject(), ("If-Match", etag)).ExpectProblem(404, "unknown-request");
        }
        await sector.Unions['A'].Http.Post(at + "/receipt", new JsonObject(), ("If-Match", etag)).ExpectProblem(422, "proof-needed", "/proof");
        await sector.Platform.Http.Post(at + "/receipt", new JsonObject { ["receivedOn"] = "2026-11-26" }, ("If-Match", etag)).ExpectProblem(422, "in-the-future", "/receivedOn");
        await sector.Platform.Http.Post(at + "/receipt", new JsonObject { ["receivedOn"] = "2026-11-24" }, ("If-Match", etag)).ExpectProblem(422, "before-filing", "/receivedOn");
        await sector.Unions['A'].Http.Post(at + "/receipt", new JsonObject { ["proof"] = new JsonObject { ["method"] = "registered letter", ["documentHash"] = new string('c', 64) } }, ("If-Match", etag)).Expect(200);
        await sector.Platform.Http.Change(at, "receipt", new JsonObject { ["receivedOn"] = "2026-11-25" }).Expect(200); // the same day again is harmless
        var reads = await Scalar<long>("SELECT count(*) FROM mt_events WHERE type = 'disclosure_made' AND data ? 'request'");
        await sector.Platform.Http.Get(at + "/lines?limit=5").Expect(200);
        Assert.Equal(reads + 1, await Scalar<long>("SELECT count(*) FROM mt_events WHERE type = 'disclosure_made' AND data ? 'request'"));
    }

    [Fact]
    public async Task A_line_named_twice_counts_once_and_a_delivery_of_nothing_is_none()
    {
        var sector = await Sector.Found(this);
        await sector.Record(sector.Unions['A'], 10);
        var at = await sector.Filed(sector.Unions['A']);
        await sector.Platform.Http.Change(at, "receipt", new JsonObject()).Expect(200);
        var lines = await Lines(sector.Platform, at);
        var twice = Delivery(lines.Take(1));
        twice["items"]!.AsArray().Add(twice["items"]![0]!.DeepClone());
        var first = await sector.Platform.Http.Change(at, "deliveries", twice).Expect(200);
        Assert.Equal((1, 1), (first["result"]!["accepted"]!.GetValue<int>(), first["deliveries"]![0]!["lines"]!.GetValue<int>()));
        var before = (await sector.Platform.Http.Get(at)).ETag;
        var second = await Delivered("k-2", lines.Skip(2).Take(2));
        await Delivered("k-3", lines.Skip(4));
        var replayed = await sector.Platform.Http.Post(at + "/deliveries", Delivery(lines.Skip(2).Take(2)), ("If-Match", before!), ("Idempotency-Key", "k-2"));
        Assert.Equal(("true", second.ETag), (replayed.Header("Idempotency-Replayed"), replayed.ETag));
        Assert.Equal(second.Body!["lines"]!.ToJsonString(), replayed.Body!["lines"]!.ToJsonString()); // as it stood then
        async Task<Answer> Delivered(string key, IEnumerable<JsonNode> some)
        {
            var answer = await sector.Platform.Http.Change(at, "deliveries", Delivery(some), ("Idempotency-Key", key));
            Assert.Equal(200, answer.Status);
            return answer;
        }
        before = (await sector.Platform.Http.Get(at)).ETag;
        var nothing = await sector.Platform.Http.Change(at, "deliveries", Delivery(lines.Take(1))).Expect(200);
        Assert.Equal((0, "fulfilled"), (nothing["result"]!["accepted"]!.GetValue<int>(), nothing["result"]!["rejected"]![0]!["reason"].Text()));
        Assert.Equal(3, nothing["deliveries"]!.AsArray().Count);
        Assert.Equal(before, (await sector.Platform.Http.Get(at)).ETag);
    }

    [Fact]
    public async Task Lines_are_paged_without_a_gap_and_without_a_repeat()
    {
        var sector = await Sector.Found(this);
        await sector.Record(sector.Unions['A'], 11);
        var at = await sector.Filed(sector.Unions['A']);
        var seen = new List<string>();
        for (var next = at + "/lines?limit=5"; next is not null;)
        {
            var page = await sector.Platform.Http.Get(next);
            seen.AddRange(page.Body!["items"]!.AsArray().Select(l => l!["line"].Text() + l["hook"].Text()));
            next = page.Header("Link")?.Split('<', '>')[1];
        }
        Assert.Equal(22, seen.Count);
        Assert.Equal(22, seen.Distinct().Count());
    }

    /// <summary>A withdrawal and a filing at once: whoever comes second knows of the first, so that no withdrawn member stays pending.</summary>
    [Fact]
    public async Task A_withdrawal_during_a_filing_is_never_lost()
    {
        var sector = await Sector.Found(this);
        var union = sector.Unions['A'];
        var mandates = await sector.Record(union, 40);
        var drafted = await union.Http.Post("/v1/portability-requests", sector.Request()).Expect(201);
        var at = $"/v1/portability-requests/{drafted["id"]}";
        var filing = union.Http.Change(at, "filing");
        var withdrawing = mandates.Take(15).Select(m => union.Http.Post($"/v1/mandates/{m}/withdrawal", null)).ToList();
        Assert.All(await Task.WhenAll(withdrawing), a => Assert.Equal(200, a.Status));
        await filing.Expect(200);
        var lines = (await union.Http.Get(at).Expect(200))["lines"]!;
        Assert.Equal(50, lines["pending"]!.GetValue<int>());
    }

    /// <summary>The same, step by step: the filing commits after the withdrawal has looked for its lines and before it is stored.</summary>
    [Fact]
    public async Task A_filing_that_slips_between_a_withdrawals_look_and_its_commit_is_noticed()
    {
        var sector = await Sector.Found(this);
        var mandates = await sector.Record(sector.Unions['A'], 10);
        await using var scope = Services.CreateAsyncScope();
        var (ledger, lines) = (scope.ServiceProvider.GetRequiredService<Ledger>(), scope.ServiceProvider.GetRequiredService<LinesOfMandate>());
        var (at, looks) = ("", 0);
        var reply = await ledger.Together<MandateRow, MandateEvent>(async act =>
        {
            var withdrawn = await act.Decide<Mandate, MandateEvent, MandateRow>(
                mandates[0], mandate => Mandate.Withdraw(mandate, new Speaker(null, new OrganisationId(sector.Unions['A'].Id)), null, null, null, Instance.Clock.Today("EU"), Instance.Clock.Now), default);
            await lines.Follow(act, withdrawn.View!.Facts.Deed.Member, withdrawn.View.Facts.Deed.Representative, [withdrawn.View.Facts], default);
            if (looks++ == 0) at = await sector.Filed(sector.Unions['A']);
            return withdrawn;
        }, default);
        Assert.Equal((MandateStatus.Withdrawn, 2), (reply.View!.Facts.Said, looks));
        Assert.Equal(2, (await sector.Unions['A'].Http.Get(at).Expect(200))["lines"]!["cancelled"]!.GetValue<int>());
    }

    /// <summary>And the other way round: a mandate that is withdrawn while its block is being sealed has no line.</summary>
    [Fact]
    public async Task A_withdrawal_that_slips_between_a_filings_look_and_its_commit_is_noticed()
    {
        var sector = await Sector.Found(this);
        var mandates = await sector.Record(sector.Unions['A'], 2);
        await using var scope = Services.CreateAsyncScope();
        var (ledger, readings) = (scope.ServiceProvider.GetRequiredService<Ledger>(), scope.ServiceProvider.GetRequiredService<Readings>());
        var (block, looks) = (Guid.NewGuid(), new List<MandateStatus>());
        await ledger.Together<LineBlockView, LineBlockEvent>(async act =>
        {
            var mandate = (await readings.Find<MandateRow>(mandates[0], default))!;
            looks.Add(mandate.View!.Facts.Said);
            var sealing = act.Start<LineBlock, LineBlockEvent, LineBlockView>(block, new LinesSealed(new BlockId(block), new RequestId(Guid.NewGuid()), 0, [], [], Instance.Clock.Now));
            act.ExpectVersion<Mandate>(mandates[0], mandate.Revision);
            if (looks.Count == 1) await sector.Unions['A'].Http.Post($"/v1/mandates/{mandates[0]}/withdrawal", null).Expect(200);
            return sealing;
        }, default);
        Assert.Equal([MandateStatus.Active, MandateStatus.Withdrawn], looks);
    }

    private static async Task<List<JsonNode>> Lines(Organisation who, string at)
    {
        var streamed = await who.Http.Get(at + "/lines", ("Accept", "application/x-ndjson"));
        Assert.Equal("application/x-ndjson", streamed.Content.ContentType!.MediaType);
        return [.. streamed.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
    }

    private static JsonObject Delivery(IEnumerable<JsonNode> lines) => new()
    {
        ["category"] = "reg:observed.trips", ["format"] = "json", ["schema"] = "https://schema.example/trips",
        ["items"] = new JsonArray([.. lines.Select(l => l["line"].Text()).Distinct().Select(line => (JsonNode)new JsonObject { ["line"] = line, ["sha256"] = new string('d', 64), ["bytes"] = 10, ["rows"] = 1 })]),
    };
}
