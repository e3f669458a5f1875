using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Registry.Application.Terms;

namespace Registry.Api.Tests.Terms;

public sealed class AskingWhatIsAgreed : RegistryApp
{
    private const string Trips = "reg:observed.trips", Service = "dpv:ServiceProvision";

    private static JsonObject Ask(Guid platform, string category = Trips, string purpose = Service, JsonObject? more = null)
    {
        var question = Sector.Question(platform, "", category, purpose);
        question.Remove("on");
        foreach (var (key, value) in more ?? []) question[key] = value?.DeepClone();
        return question;
    }

    private static Task<Answer> Decide(Client by, JsonObject question, params (string, string)[] headers) => by.Post("/v1/decisions", question, headers);

    private static JsonObject Batch(params JsonObject[] items) => new() { ["items"] = new JsonArray([.. items.Select(i => i.DeepClone())]) };

    [Fact]
    public async Task Whoever_prefers_the_decision_alone_gets_it_and_the_header_tells_how_far_the_node_has_read()
    {
        var sector = await Sector.Found(this);
        await sector.InForce(Sector.Term("1", Trips, Service));
        var answer = await Decide(sector.Platform.Http, Ask(sector.Platform.Id), ("Prefer", "respond-async, return=minimal"));
        Assert.Equal((200, """{"decision":"allowed"}""", "return=minimal"), (answer.Status, answer.Text, answer.Header("Preference-Applied")));
        var (head, full) = (await Scalar<long>("SELECT position FROM registry_head"), await Decide(sector.Platform.Http, Ask(sector.Platform.Id)));
        Assert.InRange(long.Parse(full.Header("Registry-Position")!, System.Globalization.CultureInfo.InvariantCulture), full.Body!["position"]!.GetValue<long>(), head);
        Assert.Null(full.Header("Preference-Applied"));
        Assert.Equal("""{"items":[{"decision":"allowed"}]}""", (await sector.Platform.Http.Post("/v1/decisions/batch", Batch(Ask(sector.Platform.Id)), ("Prefer", "return=minimal"))).Text);
    }

    [Fact]
    public async Task A_batch_answers_each_question_as_if_it_were_asked_alone()
    {
        var sector = await Sector.Found(this);
        var stranger = await Register("platform", "Stranger");
        await sector.InForce(Sector.Term("1", Trips, Service), Sector.Term("2", "reg:observed", "dpv:Marketing", "forbidden"));
        JsonObject[] questions =
        [
            Ask(sector.Platform.Id), Ask(stranger.Id), Ask(sector.Platform.Id, purpose: "dpv:Advertising"), Ask(sector.Platform.Id, "reg:reputation"),
            Ask(sector.Platform.Id, more: new JsonObject { ["retention"] = "P1Y" }), Ask(sector.Platform.Id, more: new JsonObject { ["recipient"] = "advertiser" }),
            Ask(sector.Platform.Id, more: new JsonObject { ["on"] = "2026-11-26" }),
        ];
        var together = (await sector.Platform.Http.Post("/v1/decisions/batch", Batch(questions)).Expect(200))["items"]!.AsArray();
        Assert.Equal(["allowed", "notBound", "forbidden", "notAgreed", "forbidden", "notAgreed", "notAgreed"], together.Select(d => d!["decision"].Text()));
        foreach (var (question, answer) in questions.Zip(together)) Assert.Equal((await Decide(sector.Platform.Http, question)).Text, answer!.ToJsonString(Application.RegistryJson.Answered));

        var many = Batch([.. Enumerable.Repeat(questions[0], 1_000)]);
        Assert.Equal(1_000, (await sector.Platform.Http.Post("/v1/decisions/batch", many).Expect(200))["items"]!.AsArray().Count);
        many["items"]!.AsArray().Add(questions[0].DeepClone());
        await sector.Platform.Http.Post("/v1/decisions/batch", many).ExpectProblem(400, "too-many-items", "/items");
        await sector.Platform.Http.Post("/v1/decisions/batch", Batch()).ExpectProblem(400, "empty-list", "/items");
        var wrong = await sector.Platform.Http.Post("/v1/decisions/batch", Batch(
            questions[0], Ask(sector.Platform.Id, "reg:nothing"), Ask(sector.Platform.Id, more: new JsonObject { ["territory"] = "XX", ["sector"] = "nace2:99.99" }))).ExpectProblem(422, "unknown-code");
        Assert.Equal(["/items/1/category", "/items/2/territory", "/items/2/sector"], wrong["errors"]!.AsArray().Select(e => e!["pointer"].Text()));
        await sector.Platform.Http.Post("/v1/decisions/batch", Batch(questions[0], Ask(sector.Platform.Id, more: new JsonObject { ["retention"] = "long" }))).ExpectProblem(400, "invalid-duration", "/items/1/retention");
        await Decide(sector.Platform.Http, Ask(sector.Platform.Id, more: new JsonObject { ["retention"] = "long" })).ExpectProblem(400, "invalid-duration", "/retention");
        await sector.Platform.Http.Raw("/v1/decisions/batch", """{"items": [null]}""").ExpectProblem(400, "invalid-value", "/items/0");
        await Nobody.Post("/v1/decisions/batch", Batch(questions[0])).ExpectProblem(401, "no-token");
    }

    [Fact]
    public async Task An_answer_is_that_of_the_day_and_of_what_was_known()
    {
        var sector = await Sector.Found(this);
        var at = await sector.Deposited(terms: [Sector.Term("1", Trips, Service)]); // in force from the day after the deposit
        var from = DateOnly.Parse((await Nobody.Get(at).Expect(200))["validity"]!["from"].Text(), System.Globalization.CultureInfo.InvariantCulture);
        await MoveTo(from.AddDays(10).Day());
        await sector.Amend(at, new JsonObject { ["clauses"] = new JsonArray(Sector.Term("1", Trips, Service, more: new JsonObject { ["maxRetention"] = "P30D" })) });
        await MoveTo(from.AddDays(60).Day());
        async Task<(string, string?)> Read(string? on, string? knownAt = null)
        {
            var answer = await Decide(sector.Platform.Http, Ask(sector.Platform.Id, more: new JsonObject { ["on"] = on, ["knownAt"] = knownAt })).Expect(200);
            return (answer["decision"].Text(), answer["maxRetention"]?.GetValue<string>());
        }
        Assert.Equal(("allowed", "P30D"), await Read(null));
        Assert.Equal(("allowed", "P90D"), await Read(from.AddDays(10).Day()));
        Assert.Equal(("notAgreed", null), await Read(from.AddDays(-1).Day()));
        Assert.Equal(("allowed", "P90D"), await Read(from.AddDays(60).Day(), from.AddDays(10).Day() + "T12:00:00Z")); // nobody knew of the amendment
        Assert.Equal(("notAgreed", null), await Read(from.AddDays(60).Day(), "2026-11-25T12:00:00Z"));
        Assert.Equal(("allowed", "P90D"), await Read(null, from.AddDays(10).Day() + "T12:00:00Z")); // without a day, that of the instant

        var read = $"/v1/terms?sector=fr-platform:vtc&territory=FR&status=selfEmployed&platform={sector.Platform.Id}";
        string Retention(JsonNode terms) => terms["items"]![0]!["maxRetention"].Text();
        Assert.Equal("P30D", Retention(await sector.Platform.Http.Get(read).Expect(200)));
        Assert.Equal("P90D", Retention(await sector.Platform.Http.Get($"{read}&knownAt={from.AddDays(10).Day()}T12:00:00Z").Expect(200)));
        Assert.Equal("P90D", Retention(await sector.Platform.Http.Get($"{read}&on={from.AddDays(10).Day()}").Expect(200)));
        var now = Instance.Clock.Now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
        await Decide(sector.Platform.Http, Ask(sector.Platform.Id, more: new JsonObject { ["knownAt"] = now })).ExpectProblem(422, "known-at-not-settled", "/knownAt");
        await sector.Platform.Http.Get($"{read}&knownAt={now}").ExpectProblem(422, "known-at-not-settled", "?knownAt");
    }

    [Fact]
    public async Task A_past_day_and_the_index_of_today_answer_alike()
    {
        var sector = await Sector.Found(this);
        await sector.InForce(Sector.Term("1", Trips, Service), Sector.Term("2", "reg:observed", "dpv:Marketing", "forbidden"));
        var stranger = await Register("platform", "Stranger");
        var today = Instance.Clock.Today("FR");
        JsonObject[] questions = [Ask(sector.Platform.Id), Ask(stranger.Id), Ask(sector.Platform.Id, purpose: "dpv:Advertising"), Ask(sector.Platform.Id, "reg:reputation")];
        var now = (await sector.Platform.Http.Post("/v1/decisions/batch", Batch(questions)).Expect(200)).ToJsonString();
        await MoveTo(today.AddDays(3).Day());
        foreach (var question in questions) question["on"] = today.Day();
        Assert.Equal(now, (await sector.Platform.Http.Post("/v1/decisions/batch", Batch(questions)).Expect(200)).ToJsonString());
    }

    [Fact]
    public async Task The_position_and_the_ETag_stay_until_something_changes_the_answer()
    {
        var sector = await Sector.Found(this);
        var at = await sector.InForce(Sector.Term("1", Trips, Service), Sector.Term("2", "reg:reputation", Service));
        var read = $"/v1/terms?sector=fr-platform:vtc&territory=FR-69M&status=selfEmployed&platform={sector.Platform.Id}";
        async Task<(long, string?)> Seen()
        {
            var terms = await sector.Platform.Http.Get(read);
            return ((await Decide(sector.Platform.Http, Ask(sector.Platform.Id)).Expect(200))["position"]!.GetValue<long>(), terms.ETag);
        }
        var before = await Seen();
        Assert.Equal(await Scalar<long>("SELECT seq_id FROM mt_events WHERE type = 'agreement_deposited'"), before.Item1);
        // What has nothing to do with it: organisations, a mandate, another negotiation, an amendment on the table.
        await Register("platform", "Somebody else");
        await sector.Record(sector.Unions['A'], 1, Instance.Clock.Today("FR").Day(), Instance.Clock.Today("FR").AddDays(90).Day());
        await sector.Agree("FR-PLATFORM", Sector.Term("1", Trips, Service, "forbidden"));
        await sector.Unions['B'].Http.Change(at, "amendments", new JsonObject { ["clauses"] = new JsonArray(Sector.Term("1", Trips, Service, "forbidden")) }).Expect(200);
        Assert.Equal(before, await Seen());
        Assert.Equal(304, (await sector.Platform.Http.Get(read, ("If-None-Match", $"\"other\", {before.Item2}"))).Status);
        // Another agreement that is in force and deals with something else moves the list and not the answer.
        var other = await sector.InForce(Sector.Term("1", "reg:inferred", Service));
        var after = await Seen();
        Assert.Equal(before.Item1, after.Item1);
        Assert.NotEqual(before.Item2, after.Item2);
        // A membership through which it binds, and a denunciation.
        await sector.Platform.Http.Post($"/v1/organisations/{sector.Platform.Id}/departures", new JsonObject { ["organisation"] = sector.Platforms.Id }).Expect(200);
        var left = await Seen();
        Assert.Equal(await Scalar<long>("SELECT max(seq_id) FROM mt_events WHERE type = 'organisation_left'"), left.Item1);
        Assert.Equal("allowed", (await Decide(sector.Platform.Http, Ask(sector.Platform.Id)).Expect(200))["decision"].Text()); // leaving frees nobody
        Assert.NotNull(other);
    }

    [Fact]
    public async Task Terms_read_again_at_an_address_are_the_same_until_a_day_begins_or_something_is_agreed()
    {
        var sector = await Sector.Found(this);
        var at = await sector.Deposited(terms: [Sector.Term("1", Trips, Service)]);
        var from = DateOnly.Parse((await Nobody.Get(at).Expect(200))["validity"]!["from"].Text(), System.Globalization.CultureInfo.InvariantCulture);
        var read = $"/v1/terms?sector=fr-platform:vtc&territory=FR&status=selfEmployed&platform={sector.Platform.Id}";
        async Task<(int, string, string?, string?, string?)> Read(string address, string? known = null)
        {
            var answer = await sector.Platform.Http.Get(address, known is null ? [] : [("If-None-Match", known)]);
            return (answer.Status, answer.Text, answer.ETag, answer.Header("Registry-Position"), answer.Header("Cache-Control"));
        }
        async Task<string?> ReadTwice(bool agreed)
        {
            var first = await Read(read);
            Assert.Equal(first, await Read(read));
            Assert.Equal((304, "", first.Item3, first.Item4, first.Item5), await Read(read, first.Item3));
            Assert.Equal((200, "no-cache", agreed), (first.Item1, first.Item5, first.Item2.Contains(Trips, StringComparison.Ordinal)));
            Assert.NotEqual(first.Item3, (await Read($"{read}&on={from.AddYears(40).Day()}")).Item3); // another address, another text
            return first.Item3;
        }
        await MoveTo(from.AddDays(-1).Day(), "22:50:00"); // UTC: ten minutes before midnight in France
        var before = await ReadTwice(agreed: false);
        await MoveTo(from.AddDays(-1).Day(), "23:05:00");
        var after = await ReadTwice(agreed: true);
        await sector.InForce(Sector.Term("1", "reg:inferred", Service));
        Assert.Equal(3, new[] { before, after, await ReadTwice(agreed: true) }.Distinct().Count());
        await Nobody.Get(read).ExpectProblem(401, "no-token");
    }

    /// <summary>The same node at once; another node within a second: it is never answered with older terms than that.</summary>
    [Fact]
    public async Task Every_node_answers_with_what_was_agreed_a_second_ago_at_the_latest()
    {
        var sector = await Sector.Found(this);
        var machine = new StoppedTime();
        using var elsewhere = Follower(machine);
        Domain.Terms.Question question = new(
            new(sector.Platform.Id), new("fr-platform:vtc"), new("FR"), Domain.Agreements.WorkStatus.SelfEmployed, new(Trips), new(Service), null, null, null, new DateOnly(2027, 6, 1));
        async Task<Domain.Terms.Verdict> AskElsewhere() => (await elsewhere.Now(default)).Terms.Ask(question).Verdict;
        Assert.Equal(Domain.Terms.Verdict.NotAgreed, await AskElsewhere());
        await sector.InForce(Sector.Term("1", Trips, Service));
        Assert.Equal("allowed", (await Decide(sector.Platform.Http, Ask(sector.Platform.Id)).Expect(200))["decision"].Text());
        Assert.Equal(Domain.Terms.Verdict.NotAgreed, await AskElsewhere()); // its clock stands still: not a second has passed there
        machine.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(Domain.Terms.Verdict.Allowed, await AskElsewhere());

        // What this node appends it answers with, whatever its clock says.
        var at = await sector.Deposited(terms: [Sector.Term("1", Trips, Service, "forbidden")]);
        await MoveTo("2027-06-01");
        Assert.Equal("forbidden", (await Decide(sector.Platform.Http, Ask(sector.Platform.Id)).Expect(200))["decision"].Text());
        machine.Pass(TimeSpan.FromSeconds(0.5));
        Assert.Equal(Domain.Terms.Verdict.Allowed, await AskElsewhere());
        machine.Pass(TimeSpan.FromSeconds(0.5));
        Assert.Equal(Domain.Terms.Verdict.Forbidden, await AskElsewhere());
        Assert.NotNull(at);
    }

    [Fact]
    public async Task A_node_that_starts_knows_what_one_that_followed_knows()
    {
        var sector = await Sector.Found(this);
        await sector.InForce(Sector.Term("1", Trips, Service), Sector.Term("2", "reg:observed", "dpv:Marketing", "forbidden"));
        await sector.Deposited(text: new JsonObject { ["duration"] = "P1M" }, terms: [Sector.Term("1", "reg:reputation", Service)]);
        await MoveTo(Instance.Clock.Today("FR").AddMonths(2).Day()); // over by now, and still the last that changed what is said of ratings
        await Register("platform", "Later");
        await sector.Agree("FR-PLATFORM", Sector.Term("1", Trips, Service)); // not deposited: in nobody's way
        using var started = Follower(new StoppedTime());
        var (fresh, here) = (await started.Now(default), await Instance.Terms.Now(default));
        Assert.Equal((2, 2), (fresh.Terms.Count, here.Terms.Count));
        Assert.Equal(await Scalar<long>("SELECT position FROM registry_head"), fresh.Position);
        foreach (var (category, purpose) in new[] { (Trips, Service), (Trips, "dpv:Advertising"), ("reg:reputation", Service) })
        {
            Domain.Terms.Question question = new(
                new(sector.Platform.Id), new("fr-platform:vtc"), new("FR"), Domain.Agreements.WorkStatus.SelfEmployed, new(category), new(purpose), null, null, null, Instance.Clock.Today("FR"));
            var (one, other) = (fresh.Terms.Ask(question), here.Terms.Ask(question));
            Assert.Equal((one.Verdict, one.Rule, one.Position), (other.Verdict, other.Rule, other.Position));
            Assert.NotEqual(0, one.Position);
        }
    }

    private FreshTerms Follower(TimeProvider machine)
    {
        var services = Services.CreateScope().ServiceProvider;
        return new FreshTerms(
            services.GetRequiredService<EventStore.Streams.EventLog>(), services.GetRequiredService<EventStore.Views.ViewReader>(), services.GetRequiredService<Application.EventCatalogue>(),
            services.GetRequiredService<Application.ViewCatalogue>(), Instance.Law, machine);
    }

    private sealed class StoppedTime : TimeProvider
    {
        private long ticks = 1;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => ticks;

        public void Pass(TimeSpan time) => ticks += time.Ticks;
    }
}
