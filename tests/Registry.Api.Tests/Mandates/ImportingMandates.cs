using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Registry.Application.PortabilityRequests;
using Registry.Domain.PortabilityRequests;

namespace Registry.Api.Tests.Mandates;

/// <summary>Whole membership files, as unions have them.</summary>
public sealed class ImportingMandates : RegistryApp
{
    private const string Header = "memberReference;name;contact;rights;categories;purposes;controllers;validFrom;validTo;method;capturedOn;documentHash";

    private static readonly string Hash = new('a', 64);

    internal static async Task<JsonNode> Ended(Organisation union, Answer started)
    {
        Assert.True(started.Status == 202, started.Text);
        for (var i = 0; i < 1_200; i++)
        {
            var operation = await union.Http.Get(started.Headers.Location!.ToString()).Expect(200);
            if (operation["state"].Text() != "running") return operation;
            await Task.Delay(50);
        }
        throw new TimeoutException("the import did not end");
    }

    private static Task<Answer> Send(Organisation union, byte[] body, string type = "text/csv", string query = "", params (string, string)[] headers)
    {
        var content = new ByteArrayContent(body);
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        return union.Http.Send(HttpMethod.Post, "/v1/mandates/imports" + query, content, headers);
    }

    private static async Task<JsonNode> Import(Organisation union, string csv, bool mark = false) => await Ended(union, await Send(union, [.. mark ? Encoding.UTF8.GetPreamble() : [], .. Encoding.UTF8.GetBytes(csv)]));

    private static (int, int, int) Counts(JsonNode operation) =>
        (operation["result"]!["granted"]!.GetValue<int>(), operation["result"]!["unchanged"]!.GetValue<int>(), operation["result"]!["refused"]!.GetValue<int>());

    private static async Task<IEnumerable<(int Row, string Code, string? Pointer)>> Refused(Organisation union, JsonNode operation) =>
        (await union.Http.Get($"/v1/operations/{operation["id"]}/rows?outcome=refused&limit=200").Expect(200))["items"]!.AsArray().Select(r => (r!["row"]!.GetValue<int>(), r["code"].Text(), r["pointer"]?.GetValue<string>()));

    private static string Row(Guid platform, string reference, string from = "2026-11-25", string to = "2027-11-25", string captured = "2026-11-20") =>
        $"{reference};Name {reference};{reference}@example.org;portability access;reg:observed;dpv:RightsFulfillment;{platform};{from};{to};paper;{captured};{Hash}";

    [Fact]
    public async Task CSV_with_a_mark_semicolons_quotes_and_French_dates_is_understood()
    {
        var sector = await Sector.Found(this);
        var union = sector.Unions['A'];
        var p = sector.Platform.Id;
        var french = $""""
            Numéro;Nom;Contact;Droits;Données;Finalités;Plateformes;Début;Fin;Preuve;Signature;Empreinte;compte:{p}
            A-1;"Dupont; Jean ""JD""";0601020304;portability;reg:observed|reg:reputation;dpv:RightsFulfillment;{p};25/11/2026;24/11/2027;papier;1/11/2026;{Hash};acc-1

            A-2;Ümit Çelik;;access portability;reg:observed;dpv:RightsFulfillment;{p};2026-11-25;24/11/2027;guichet;20/11/2026;{Hash};
            """";
        Assert.Equal((2, 0, 0), Counts(await Import(union, french.Replace("\n", "\r\n", StringComparison.Ordinal), mark: true)));
        var mandates = (await union.Http.Get("/v1/mandates").Expect(200))["items"]!.AsArray();
        Assert.All(mandates, m => Assert.Equal(("2026-11-25", "2027-11-25"), (m!["validity"]!["from"].Text(), m["validity"]!["to"].Text()))); // the last day is included
        var english = Header.Replace(';', ',') + "\n" + $"B-1,\"Smith, Ann\",,portability,reg:observed,dpv:RightsFulfillment,{p},2026-11-25,2027-11-25,paper,2026-11-20,{Hash}";
        Assert.Equal((1, 0, 0), Counts(await Import(union, english)));
        var person = (await union.Http.Post($"/v1/mandates/{mandates[0]!["id"]}/invitation", null).Expect(200))["code"].Text();
        await Member("d").Post("/v1/me/links", new JsonObject { ["code"] = person }).Expect(200);
        Assert.Contains((await Member("d").Get("/v1/me").Expect(200))["held"]![0]!["name"].Text(), new[] { "Dupont; Jean \"JD\"", "Ümit Çelik" });
    }

    [Fact]
    public async Task What_a_row_cannot_say_is_a_problem_of_that_row_with_its_line_and_column()
    {
        var sector = await Sector.Found(this);
        var (union, p) = (sector.Unions['A'], sector.Platform.Id);
        var lines = new[]
        {
            Header, Row(p, "ok-1"), Row(p, "d", from: "2026-25-11"), Row(p, "e", captured: "hier"), "too;few;fields", Row(p, "").Replace("Name ", "", StringComparison.Ordinal),
            Row(p, "m").Replace(";paper;", ";pigeon;", StringComparison.Ordinal), Row(p, "c").Replace("reg:observed", "reg:nothing", StringComparison.Ordinal),
            Row(p, "r").Replace("portability access", "portability everything", StringComparison.Ordinal), Row(p, "p").Replace(p.ToString(), "uber", StringComparison.Ordinal), Row(p, "l", to: "2028-11-25"),
            Row(p, "h").Replace(Hash, "abc", StringComparison.Ordinal), Row(p, "ok-2"),
        };
        var broken = Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n").Concat(Encoding.Latin1.GetBytes(Row(p, "L").Replace("Name L", "Renée", StringComparison.Ordinal) + "\n")).Concat(Encoding.UTF8.GetBytes(Row(p, "ok-3"))).ToArray();
        var ended = await Ended(union, await Send(union, broken));
        Assert.Equal((3, 0, 11), Counts(ended));
        Assert.Equal(
            [(3, "invalid-date", "/validFrom"), (4, "invalid-date", "/capturedOn"), (5, "wrong-number-of-fields", ""), (6, "missing-field", "/memberReference"), (7, "invalid-value", "/method"), (8, "unknown-code", "/scopes/0/categories/0"),
             (9, "invalid-value", "/rights"), (10, "invalid-value", "/controllers"), (11, "mandate-too-long", "/validity/to"), (12, "invalid-digest", "/evidence/documentHash"), (14, "invalid-text", "")],
            await Refused(union, ended));
        var endless = await Import(union, $"{Header}\n{Row(p, "q-1")}\n\"without end;{Row(p, "q-2")}\n{Row(p, "q-3")}\n");
        Assert.Equal(1, Counts(endless).Item1); // what follows cannot be told apart, and is not guessed
        Assert.NotEqual(0, Counts(endless).Item3);
    }

    [Theory]
    [InlineData("memberReference;shoe size", "unknown-column")]
    [InlineData("memberReference;reference", "duplicate-column")]
    [InlineData("memberReference;name", "missing-column")]
    [InlineData("memberReference;rights;categories;purposes;controllers;validFrom;validTo;fin;method;capturedOn;documentHash", "both-ends")]
    [InlineData("", "empty-body")]
    public async Task A_header_that_is_not_understood_refuses_the_whole(string header, string code)
    {
        var union = await Register("union", "U");
        Assert.Equal((400, code), (await Send(union, Encoding.UTF8.GetBytes(header)) is var answer ? answer.Status : 0, answer.Code));
        Assert.Equal(0L, await Scalar<long>("SELECT count(*) FROM import_parts"));
    }

    [Fact]
    public async Task A_row_of_any_length_a_body_of_nothing_and_another_format()
    {
        var sector = await Sector.Found(this);
        var union = sector.Unions['A'];
        var body = sector.PaperMandate(union, "one", "2026-11-25", "2027-11-25").ToJsonString() + "\n{\"memberReference\": \"" + new string('x', 900_000) + "\"}\n" + sector.PaperMandate(union, "two", "2026-11-25", "2027-11-25").ToJsonString();
        var ended = await Ended(union, await Send(union, Encoding.UTF8.GetBytes(body), "application/x-ndjson"));
        Assert.Equal((2, 0, 1), Counts(ended));
        Assert.Equal([(2, "row-too-long", "")], await Refused(union, ended));
        Assert.Equal("empty-body", (await Send(union, "\n \n"u8.ToArray(), "application/x-ndjson")).Code);
        Assert.Equal(415, (await Send(union, "x"u8.ToArray(), "application/vnd.ms-excel")).Status);
        Assert.Equal(415, (await Send(union, "x"u8.ToArray(), "")).Status);
    }

    [Fact]
    public async Task A_key_repeats_an_import_and_another_body_under_it_is_refused()
    {
        var sector = await Sector.Found(this);
        var union = sector.Unions['A'];
        var body = Encoding.UTF8.GetBytes($"{Header}\n{Row(sector.Platform.Id, "one")}");
        var first = await Send(union, body, "text/csv", "", ("Idempotency-Key", "k"));
        var again = await Send(union, body, "text/csv", "", ("Idempotency-Key", "k"));
        Assert.Equal((202, first.Body!["id"].Text(), "true"), (again.Status, again.Body!["id"].Text(), again.Header("Idempotency-Replayed")));
        var other = await Send(union, [.. body, (byte)'\n', .. Encoding.UTF8.GetBytes(Row(sector.Platform.Id, "two"))], "text/csv", "", ("Idempotency-Key", "k"));
        Assert.Equal((422, "idempotency-key-reused"), (other.Status, other.Code));
        await Ended(union, first);
        Assert.Equal(1L, await Scalar<long>("SELECT count(*) FROM mandates"));
        for (var i = 0; i < 100 && await Scalar<long>("SELECT count(*) FROM import_parts") > 0; i++) await Task.Delay(20);
        Assert.Equal(0L, await Scalar<long>("SELECT count(*) FROM import_parts"));
    }

    /// <summary>As a spreadsheet leaves it: another charset, empty columns, cells that it has spoiled.</summary>
    [Fact]
    public async Task A_spreadsheets_habits_are_understood_or_named()
    {
        var sector = await Sector.Found(this);
        var (union, p) = (sector.Unions['A'], sector.Platform.Id);
        var table = $"N° adhérent;Prénom;Nom;E-mail;Droits;Données;Finalités;Plateformes;Date de début;Date de fin;Preuve;Date de signature;Empreinte;compte:{p};;\r\n"
            + $"A-1;Renée;Noël;r@example.org;accès, Portabilité;reg:observed;dpv:RightsFulfillment;{p};25/11/2026;24/11/2027;Papier;20/11/2026;{new string('A', 64)}\r\n"
            + $"1,23457E+11;X;Y;;portability;reg:observed;dpv:RightsFulfillment;{p};25/11/2026;24/11/2027;papier;20/11/2026;{Hash};;;\r\n"
            + $"A-3;X;Y;;portability;reg:observed;dpv:RightsFulfillment;{p};25/11/2026;24/11/2027;papier;20/11/2026;{Hash};3.4E+9;;\r\n";
        var refusedTable = await Send(union, Encoding.Latin1.GetBytes(table));
        Assert.Equal((400, "csv-not-utf-8"), (refusedTable.Status, refusedTable.Code));
        var ended = await Ended(union, await Send(union, Encoding.Latin1.GetBytes(table), "text/csv; charset=windows-1252"));
        Assert.Equal((1, 0, 2), Counts(ended));
        Assert.Equal([(3, "number-as-text", "/memberReference"), (4, "number-as-text", $"/account:{p}")], await Refused(union, ended));
        Assert.Equal("fr", (await union.Http.Get("/v1/mandates").Expect(200))["items"]![0]!["language"].Text());

        // A corrected cell mends what is held of the person, and grants nothing.
        var again = await Ended(union, await Send(union, Encoding.UTF8.GetBytes(table.Replace("Noël", "Noëlle", StringComparison.Ordinal))));
        Assert.Equal((0, 1, 2), Counts(again));
        var mandate = (await union.Http.Get("/v1/mandates").Expect(200))["items"]![0]!["id"].Text();
        await Member("r").Post("/v1/me/links", new JsonObject { ["code"] = (await union.Http.Post($"/v1/mandates/{mandate}/invitation", null).Expect(200))["code"]!.DeepClone() }).Expect(200);
        Assert.Equal("Renée Noëlle", (await Member("r").Get("/v1/me").Expect(200))["held"]![0]!["name"].Text());
    }

    [Fact]
    public async Task A_table_without_line_ends_is_refused_before_it_fills_the_memory()
    {
        var union = await Register("union", "U");
        Assert.Equal("row-too-long", (await Send(union, Encoding.ASCII.GetBytes(new string('x', 600_000)))).Code);
        var sector = await Sector.Found(this);
        var ended = await Ended(sector.Unions['A'], await Send(sector.Unions['A'], Encoding.ASCII.GetBytes($"{Header}\n{Row(sector.Platform.Id, "one")}\n{new string(';', 600_000)}")));
        Assert.Equal((1, 0, 1), Counts(ended));
    }

    /// <summary>A whole file once more with new dates, while a request is open: each newer mandate takes an older one's place, and its lines go on.</summary>
    [Fact]
    public async Task A_yearly_import_beside_an_open_request_goes_through()
    {
        var sector = await Sector.Found(this);
        var union = sector.Unions['A'];
        string File(string to) => $"{Header}\n{string.Join('\n', Enumerable.Range(0, 450).Select(n => Row(sector.Platform.Id, $"Y-{n}", to: to)))}";
        Assert.Equal((450, 0, 0), Counts(await Import(union, File("2027-11-20"))));
        var at = await sector.Filed(union, new JsonObject { ["hooks"] = new JsonArray("gdpr:A20") });
        Assert.Equal((450, 0, 0), Counts(await Import(union, File("2027-11-24"))));
        Assert.Equal(450L, await Scalar<long>("SELECT count(*) FROM mt_events WHERE type = 'mandate_superseded'"));
        Assert.Equal(450, (await union.Http.Get(at).Expect(200))["lines"]!["pending"]!.GetValue<int>());
        Assert.Equal(450L, await Scalar<long>("SELECT sum(jsonb_array_length(data -> 'lines')) FROM mt_events WHERE type = 'lines_sealed'"));
        await MoveTo("2027-11-23"); // the older ones have run out
        Assert.Equal(50, (await union.Http.Get(at + "/lines").Expect(200))["items"]!.AsArray().Count);
    }

    /// <summary>A member in many rows: each next one takes the last one's place, whatever part of the file it stands in.</summary>
    [Fact]
    public async Task The_last_row_of_a_member_holds()
    {
        var sector = await Sector.Found(this);
        var union = sector.Unions['A'];
        var rows = Enumerable.Range(1, 10).SelectMany(n => new[] { Row(sector.Platform.Id, "same", to: $"2027-01-{n:00}"), Row(sector.Platform.Id, $"other-{n}") });
        Assert.Equal((20, 0, 0), Counts(await Import(union, $"{Header}\n{string.Join('\n', rows)}")));
        var active = (await union.Http.Get("/v1/mandates?state=active&limit=200").Expect(200))["items"]!.AsArray();
        Assert.Equal(11, active.Count);
        Assert.Single(active, m => m!["validity"]!["to"].Text() == "2027-01-10");
        Assert.Equal(9, (await union.Http.Get("/v1/mandates?state=superseded&limit=200").Expect(200))["items"]!.AsArray().Count);
    }

    /// <summary>Who was erased is not brought back by sending the same file again.</summary>
    [Fact]
    public async Task The_same_file_after_an_erasure_grants_nothing()
    {
        var sector = await Sector.Found(this);
        var union = sector.Unions['A'];
        var file = $"{Header}\n{Row(sector.Platform.Id, "E-1")}";
        await Import(union, file);
        var mandate = (await union.Http.Get("/v1/mandates").Expect(200))["items"]![0]!["id"];
        await Member("e").Post("/v1/me/links", new JsonObject { ["code"] = (await union.Http.Post($"/v1/mandates/{mandate}/invitation", null).Expect(200))["code"]!.DeepClone() }).Expect(200);
        Assert.Equal(204, (await Member("e").Send(HttpMethod.Delete, "/v1/me", null, [])).Status);
        Assert.Equal((0, 1, 0), Counts(await Import(union, file)));
        Assert.Equal(0L, await Scalar<long>("SELECT count(*) FROM vault"));
    }

    [Fact]
    public async Task Results_go_after_a_week_and_an_upload_that_broke_off_after_a_day()
    {
        var sector = await Sector.Found(this);
        var union = sector.Unions['A'];
        await Import(union, $"{Header}\n{Row(sector.Platform.Id, "one")}");
        async Task<(long Results, long Waiting)> Kept()
        {
            await using var scope = Services.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<Application.Operations.StoppedOperations>().DropOld(default);
            return (await Scalar<long>("SELECT count(*) FROM operation_rows"), await Scalar<long>("SELECT count(*) FROM import_parts"));
        }
        await using (var connection = new Npgsql.NpgsqlConnection(Owner + ";Search Path=registry;Pooling=false"))
        {
            await connection.OpenAsync();
            await using var broken = new Npgsql.NpgsqlCommand("INSERT INTO import_parts SELECT gen_random_uuid(), 0, '', '', now() - age FROM (VALUES (interval '23 hours'), (interval '25 hours')) a (age)", connection);
            await broken.ExecuteNonQueryAsync();
        }
        await MoveTo("2026-12-02");
        Assert.Equal((1L, 1L), await Kept());
        await MoveTo("2026-12-03");
        Assert.Equal((0L, 1L), await Kept());
    }

    [Fact]
    public async Task What_waits_is_sealed()
    {
        var staging = Services.CreateScope().ServiceProvider;
        var waiting = (Application.Mandates.Staging)staging.GetService(typeof(Application.Mandates.Staging))!;
        async IAsyncEnumerable<Application.Mandates.ImportRow> Rows()
        {
            await Task.Yield();
            yield return new(1, new Application.Mandates.MandateAsked([], new(new DateOnly(2026, 11, 25)), MemberReference: "REF-canary", Name: "NAME-canary"), null);
        }
        var (staged, _) = await waiting.Take(Rows(), default);
        Assert.Equal(0L, await Scalar<long>("SELECT count(*) FROM import_parts t WHERE t::text ILIKE '%canary%' OR t::text ILIKE '%' || encode('canary', 'hex') || '%'"));
        Assert.Equal("NAME-canary", (await waiting.Read(staged!.Operation, 0, default))![0].Mandate!.Name);
    }

    /// <summary>Forty members of eleven requests are more events than one append holds: the file is recorded in smaller ones.</summary>
    [Fact]
    public async Task Members_who_stand_in_many_requests_are_renewed_by_a_file_too()
    {
        const int members = 40, requests = 12;
        var sector = await Sector.Found(this);
        var (union, p) = (sector.Unions['A'], sector.Platform.Id);
        string Rows(string to, string captured) => $"{Header}\n" + string.Join('\n', Enumerable.Range(0, members).Select(n => Row(p, $"R-{n}", to: to, captured: captured)));
        Assert.Equal((members, 0, 0), Counts(await Import(union, Rows("2027-05-25", "2026-11-20"))));
        for (var n = 0; n < requests; n++) await sector.Filed(union);
        Assert.Equal((members, 0, 0), Counts(await Import(union, Rows("2027-11-25", "2026-11-24").Replace("aaaa", "bbbb", StringComparison.Ordinal))));
        Assert.Equal(members * requests, await Scalar<long>("SELECT count(*) FROM mt_events WHERE type = 'lines_in_sight'"));
    }

    /// <summary>Renewed by one file in several appends: each reads a block on from where the one before left it, and the platform answers in between.</summary>
    [Fact]
    public async Task A_renewal_of_everybody_in_a_request_moves_every_line_once_whatever_happens_to_the_block_meanwhile()
    {
        const int members = 90, asked = 5;
        var sector = await Sector.Found(this);
        var (union, p) = (sector.Unions['A'], sector.Platform.Id);
        string Rows(string to, string captured) => $"{Header};account:{p}\n" + string.Join('\n', Enumerable.Range(0, members).Select(n => Row(p, $"R-{n}", to: to, captured: captured) + $";acc-{n}"));
        Assert.Equal((members, 0, 0), Counts(await Import(union, Rows("2027-05-25", "2026-11-20"))));
        var at = await sector.Filed(union);
        await sector.Platform.Http.Change(at, "receipt", new JsonObject()).Expect(200);
        var lines = (await sector.Platform.Http.Get(at + "/lines", ("Accept", "application/x-ndjson"))).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!["line"].Text()).Distinct().ToList();

        var renewal = Import(union, Rows("2027-11-25", "2026-11-24").Replace("aaaa", "bbbb", StringComparison.Ordinal));
        while (await Scalar<long>("SELECT count(*) FROM mt_events WHERE type = 'lines_in_sight'") == 0 && !renewal.IsCompleted) await Task.Delay(5); // after its first append, before its last
        for (var n = 0; n < asked; n++) await sector.Platform.Http.Change(at, "identity-questions", new JsonObject { ["lines"] = new JsonArray(lines[n]) }).Expect(200);
        Assert.Equal((members, 0, 0), Counts(await renewal));

        var (catalogue, log) = ((Application.EventCatalogue)Services.GetService(typeof(Application.EventCatalogue))!, (EventStore.Streams.EventLog)Services.GetService(typeof(EventStore.Streams.EventLog))!);
        var block = await Scalar<Guid>("SELECT id FROM line_blocks");
        var told = catalogue.Read<LineBlockEvent>((await log.FetchStream(block, default)).Events).ToList();
        var fold = told.Aggregate((LineBlockView?)null, LineBlockView.Evolve);
        Assert.Equal((members, members), (told.OfType<LinesInSight>().Count(), told.OfType<LinesInSight>().Select(e => e.Mandate).Distinct().Count()));
        Assert.Equal(asked, fold!.Block!.Lines.Count(l => l.Asked));
        Assert.All(fold.Block.Lines, l => Assert.Equal(new DateOnly(2027, 11, 25), l.Until));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(await Scalar<string>("SELECT data::text FROM line_blocks")), JsonSerializer.SerializeToNode(fold, Application.RegistryJson.Stored)));
    }
}
