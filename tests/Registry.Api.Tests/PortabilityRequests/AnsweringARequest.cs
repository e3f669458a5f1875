using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;
using Registry.Api.Security;

namespace Registry.Api.Tests.PortabilityRequests;

/// <summary>The platform's side, and what the union and the members say of it.</summary>
public sealed class AnsweringARequest : RegistryApp
{
    [Fact]
    public async Task GDPR_12_6_a_doubt_stops_the_clocks_of_its_lines_and_the_answer_is_the_platforms_alone_to_read()
    {
        var asked = await Asked.Received(this);
        var lines = await asked.Ids();
        await MoveTo("2026-12-01");
        var questioned = await asked.Do(asked.Platform, "identity-questions", Asked.Named(lines[0], lines[0], Guid.NewGuid().ToString()));
        Assert.Equal((1, "unknown"), (questioned["result"]!["accepted"]!.GetValue<int>(), questioned["result"]!["rejected"]!.AsArray().Single()!["reason"].Text()));
        Assert.Equal((2, 6), (questioned["lines"]!["identityAsked"]!.GetValue<int>(), questioned["lines"]!["pending"]!.GetValue<int>()));
        var stopped = await asked.Deadline("2027-03-01", which: i => i["stoppedOn"] is not null);
        Assert.Equal((1, false, 90), (stopped["lines"]!.GetValue<int>(), stopped["overdue"]!.GetValue<bool>(), stopped["paused"]!.GetValue<int>()));
        Assert.Contains("stands still", stopped["explanation"]!["en"].Text(), StringComparison.Ordinal);
        Assert.True((await asked.Deadline("2027-03-01", which: i => i["stoppedOn"] is null))["overdue"]!.GetValue<bool>());

        await asked.Platform.Http.Change(asked.At, "identity-answers", Asked.Named(lines[0])).ExpectProblem(403, "wrong-role");
        await MoveTo("2026-12-05");
        var answered = await asked.Do(asked.Union, "identity-answers", new JsonObject
        {
            ["items"] = new JsonArray(new JsonObject { ["line"] = lines[0], ["answer"] = "born in Lyon" }, new JsonObject { ["line"] = lines[1], ["answer"] = "nobody asked" }),
        });
        Assert.Equal("notAsked", answered["result"]!["rejected"]![0]!["reason"].Text());
        var moved = await asked.Deadline(which: i => i["paused"]!.GetValue<int>() == 4);
        Assert.Equal(("2026-12-29", "2026-12-29"), (moved["unrolled"].Text(), moved["due"].Text())); // the 25th and four days
        Assert.Equal("2026-12-28", (await asked.Deadline(which: i => i["paused"]!.GetValue<int>() == 0))["due"].Text());
        Assert.Equal("born in Lyon", (await asked.Lines(asked.Platform)).First(l => l["line"].Text() == lines[0])["identityAnswer"].Text());
        Assert.All(await asked.Lines(asked.Union), l => Assert.Null(l["identityAnswer"]));
        Assert.Equal((0L, 1L), (await Scalar<long>("SELECT count(*) FROM mt_events WHERE data::text LIKE '%Lyon%'"), await Scalar<long>("SELECT count(*) FROM line_answers")));
        Assert.Equal("askedBefore", (await asked.Do(asked.Platform, "identity-questions", Asked.Named(lines[0])))["result"]!["rejected"]![0]!["reason"].Text());
    }

    [Fact]
    public async Task GDPR_12_3_an_extension_in_time_counts_from_receipt_and_one_that_is_late_is_void_and_recorded()
    {
        var asked = await Asked.Received(this);
        var lines = await asked.Ids();
        await asked.Platform.Http.Change(asked.At, "extension", new JsonObject { ["reason"] = "complexity", ["noticeOn"] = "2026-11-26" }).ExpectProblem(422, "in-the-future", "/noticeOn");
        await asked.Platform.Http.Change(asked.At, "extension", new JsonObject { ["reason"] = "complexity", ["noticeOn"] = "2026-11-24" }).ExpectProblem(422, "before-receipt", "/noticeOn");
        await asked.Platform.Http.Change(asked.At, "extension", new JsonObject { ["reason"] = "laziness" }).ExpectProblem(400, "invalid-value", "/reason");
        await MoveTo("2026-12-28"); // the last day
        var first = await asked.Do(asked.Platform, "extension", new JsonObject { ["reason"] = "numberOfRequests", ["explanation"] = "many", ["lines"] = Asked.Array(lines[0]) });
        Assert.Equal((1, 0, 1), (first["extensions"]![0]!["lines"]!.GetValue<int>(), first["extensions"]![0]!["void"]!.GetValue<int>(), first["lines"]!["extended"]!.GetValue<int>()));
        var extended = await asked.Deadline(which: i => i["extendedDue"] is not null);
        Assert.Equal(("2026-12-28", "2027-02-25", 1), (extended["due"].Text(), extended["extendedDue"].Text(), extended["lines"]!.GetValue<int>()));
        Assert.Equal("2027-02-25", first["deadlines"]!["last"].Text());
        Assert.Contains("Extended by notice of 2026-12-28: 3 months from receipt, 2027-02-25. Last day: Thursday 2027-02-25.", extended["explanation"]!["en"].Text(), StringComparison.Ordinal);
        Assert.Contains("3 mois à compter de la réception, soit le 2027-02-25. Dernier jour : jeudi 2027-02-25.", extended["explanation"]!["fr"].Text(), StringComparison.Ordinal);
        var french = (await asked.Union.Http.Get(asked.At + "/deadlines").Expect(200))["items"]!.AsArray().Where(i => i!["hook"].Text() == "ct:L7342-7").Select(i => i!["explanation"]!["en"].Text());
        Assert.Single(french, text => text.EndsWith("knows no extension.", StringComparison.Ordinal));
        await MoveTo("2026-12-29");
        var late = await asked.Do(asked.Platform, "extension", new JsonObject { ["reason"] = "complexity", ["noticeOn"] = "2026-12-20" }); // said to be in time, recorded after it
        Assert.Equal(("overdue", 0, 3), (late["state"].Text(), late["extensions"]![1]!["lines"]!.GetValue<int>(), late["extensions"]![1]!["void"]!.GetValue<int>()));
        Assert.Equal(1, late["lines"]!["extended"]!.GetValue<int>());
        Assert.Empty(late["result"]!["rejected"]!.AsArray()); // none was named
        Assert.Contains(late["result"]!["notTaken"]!.AsArray(), n => n!["reason"].Text() == "tooLate" && n["count"]!.GetValue<int>() == 3);
    }

    [Fact]
    public async Task GDPR_12_4_what_lacks_reasons_or_routes_or_comes_late_refuses_nothing_and_stays_overdue()
    {
        var asked = await Asked.Received(this);
        var lines = await asked.Ids();
        JsonObject Refusal(string ground, string reasons, string[] routes, params string[] named)
        {
            var body = new JsonObject { ["ground"] = ground, ["reasons"] = reasons, ["complaintRoutes"] = Asked.Array(routes) };
            if (named.Length > 0) body["lines"] = Asked.Array(named);
            return body;
        }
        var invalid = await asked.Do(asked.Platform, "refusal", Refusal("processUnfounded", "because", []));
        Assert.Equal(("invalid", "noComplaintRoutes", "received"), (invalid["refusals"]![0]!["standing"].Text(), invalid["refusals"]![0]!["faults"]![0].Text(), invalid["state"].Text()));
        var contested = await asked.Do(asked.Platform, "refusal", Refusal("excessive", "four of them", ["CNIL"]));
        Assert.Equal(("contested", "processExcessive", 0), (contested["refusals"]![1]!["standing"].Text(), contested["refusals"]![1]!["ground"].Text(), contested["lines"]!["refused"]!.GetValue<int>()));
        Assert.Equal("2026-12-28", contested["deadlines"]!["next"].Text());
        await asked.Platform.Http.Change(asked.At, "refusal", Refusal("tooBusy", "because", ["CNIL"])).ExpectProblem(422, "unknown-ground", "/ground");
        var valid = await asked.Do(asked.Platform, "refusal", Refusal("thirdPartyRightsImpaired", "others are named", ["CNIL", "tribunal judiciaire"], lines[0]));
        Assert.Equal(("valid", 2, 1), (valid["refusals"]![2]!["standing"].Text(), valid["lines"]!["refused"]!.GetValue<int>(), valid["result"]!["accepted"]!.GetValue<int>()));
        Assert.Equal("identityNotAsked", (await asked.Do(asked.Platform, "refusal", Refusal("identityVerificationFailure", "who", ["CNIL"], lines[1])))["result"]!["rejected"]![0]!["reason"].Text());
        await MoveTo("2026-12-29");
        var late = await asked.Do(asked.Platform, "refusal", Refusal("processUnfounded", "because", ["CNIL"]));
        Assert.Equal(("overdue", "invalid", "tooLate"), (late["state"].Text(), late["refusals"]!.AsArray()[^1]!["standing"].Text(), late["refusals"]!.AsArray()[^1]!["faults"]![0].Text()));
        Assert.Equal(2, late["lines"]!["refused"]!.GetValue<int>());
    }

    [Fact]
    public async Task Whom_the_platform_does_not_find_is_told_for_listed_lines_only()
    {
        var asked = await Asked.Received(this);
        var lines = await asked.Ids();
        JsonObject Match(string line, string result) => new() { ["items"] = new JsonArray(new JsonObject { ["line"] = line, ["result"] = result }) };
        var unmatched = await asked.Do(asked.Platform, "matches", Match(lines[0], "unmatched"));
        Assert.Equal((2, "unmatched"), (unmatched["lines"]!["unmatched"]!.GetValue<int>(), (await asked.States(asked.Union, lines[0]))[0]));
        Assert.All((await asked.Lines(asked.Platform)).Where(l => l["line"].Text() == lines[0]), l => Assert.Null(l["accountId"])); // nothing to look for any more
        Assert.Equal("unknown", (await asked.Do(asked.Platform, "matches", Match(Guid.NewGuid().ToString(), "matched")))["result"]!["rejected"]![0]!["reason"].Text());
        await MoveTo("2026-12-05");
        await asked.Do(asked.Union, "identity-answers", Asked.Named(lines[0]));
        Assert.Equal("askedBefore", (await asked.Do(asked.Platform, "matches", Match(lines[0], "unmatched")))["result"]!["rejected"]![0]!["reason"].Text());
        Assert.Equal("pending", (await asked.States(asked.Union, lines[0]))[0]);
        Assert.Equal(10, (await asked.Deadline(which: i => i["paused"]!.GetValue<int>() > 0))["paused"]!.GetValue<int>());
        Assert.Equal("pending", (await asked.States(asked.Union, lines[1]))[0]);
        await asked.Do(asked.Platform, "matches", Match(lines[1], "ambiguous"));
        Assert.Equal("pending", (await asked.States(asked.Union, lines[1]))[0]);
        Assert.Equal("alreadySaid", (await asked.Do(asked.Platform, "matches", Match(lines[1], "ambiguous")))["result"]!["rejected"]![0]!["reason"].Text());
    }

    [Fact]
    public async Task What_the_receiver_does_not_find_as_declared_was_not_delivered()
    {
        var asked = await Asked.Received(this);
        var lines = await asked.Ids();
        var delivered = await asked.Deliver([.. lines]);
        Assert.Equal(("fulfilled", 4, 400L, 28L, 8L), (delivered["state"].Text(), delivered["deliveries"]![0]!["lines"]!.GetValue<int>(), delivered["deliveries"]![0]!["bytes"]!.GetValue<long>(), delivered["deliveries"]![0]!["rows"]!.GetValue<long>(), delivered["deliveries"]![0]!["quarantine"]!.GetValue<long>()));
        Assert.Matches("^[0-9a-f]{64}$", delivered["deliveries"]![0]!["manifestRoot"].Text());
        await MoveTo("2027-01-10");
        var mismatch = await asked.Do(asked.Union, "delivery-checks", Asked.Check(delivered, lines[0], "received", new string('b', 64)));
        Assert.Equal(("overdue", 2, 6), (mismatch["state"].Text(), mismatch["lines"]!["pending"]!.GetValue<int>(), mismatch["lines"]!["fulfilled"]!.GetValue<int>())); // and no deadline moved
        Assert.Equal("fulfilled", (await asked.Do(asked.Union, "delivery-checks", Asked.Check(delivered, lines[0], "received", new string('a', 64))))["state"].Text());
        Assert.Equal("notYours", (await asked.Do(asked.Union, "delivery-checks", Asked.Check(delivered, lines[3], "missing")))["result"]!["rejected"]![0]!["reason"].Text());
        var complete = await asked.Union.Http.Get(asked.At + "/completeness").Expect(200);
        Assert.Equal((8, 8, 0), (complete["asked"]!.GetValue<int>(), complete["delivered"]!.GetValue<int>(), complete["missing"]!.GetValue<int>()));
        await asked.Union.Http.Change(asked.At, "delivery-checks", new JsonObject { ["delivery"] = Guid.NewGuid(), ["items"] = new JsonArray(new JsonObject { ["line"] = lines[0], ["result"] = "missing" }) })
            .ExpectProblem(422, "unknown-delivery", "/delivery");
    }

    [Fact]
    public async Task A_member_checks_their_own_line_without_knowing_the_rest()
    {
        var sector = await Sector.Found(this);
        var (union, driver, stranger) = (sector.Unions['A'], Member("driver"), Member("stranger"));
        var mandate = (await driver.Post("/v1/mandates", sector.Mandate(union, "2026-11-25", "2027-11-25")).Expect(201))["id"].Text();
        await union.Http.Post($"/v1/mandates/{mandate}/acceptance", null).Expect(200);
        await sector.Record(union, 1);
        var asked = new Asked(sector, union, sector.Platform, await sector.Filed(union, new JsonObject { ["minMembers"] = 1 }), []);
        await asked.Do(asked.Platform, "receipt");
        var lines = (await asked.Lines(asked.Platform)).Select(l => l["line"].Text()).Distinct().ToArray();
        var delivered = await asked.Deliver(lines);
        var mine = (await driver.Get("/v1/me/requests").Expect(200))["items"]![0]!["lines"]!.AsArray();
        var own = mine[0]!["line"].Text();
        Assert.Equal((2, delivered["deliveries"]![0]!["id"].Text(), "fulfilled"), (mine.Count, mine[0]!["deliveries"]![0]!["delivery"].Text(), mine[0]!["state"].Text()));
        await stranger.Post(asked.At + "/delivery-checks", Asked.Check(delivered, own, "missing")).ExpectProblem(404, "unknown-request");
        var other = await driver.Post(asked.At + "/delivery-checks", Asked.Check(delivered, lines.Single(l => l != own), "missing"));
        Assert.Equal((200, "unknown"), (other.Status, other.Body!["rejected"]![0]!["reason"].Text()));
        Assert.Null(other.ETag);
        var missing = await driver.Post(asked.At + "/delivery-checks", Asked.Check(delivered, own, "missing")).Expect(200);
        Assert.Equal(["id", "accepted", "late", "rejected", "notTaken"], missing.AsObject().Select(p => p.Key)); // nothing of the request
        Assert.Equal((2, 2), ((await union.Http.Get(asked.At).Expect(200))["lines"]!["pending"]!.GetValue<int>(), (await union.Http.Get(asked.At).Expect(200))["lines"]!["fulfilled"]!.GetValue<int>()));
        await asked.Union.Http.Post(asked.At + "/delivery-checks", Asked.Check(delivered, own, "missing")).ExpectProblem(428, "if-match-missing");
    }

    [Fact]
    public async Task What_relates_members_to_each_other_is_delivered_in_one()
    {
        var asked = await Asked.Received(this, request: new JsonObject { ["hooks"] = new JsonArray("gdpr:A20"), ["categories"] = new JsonArray("reg:observed.relations", "reg:observed.trips") });
        JsonObject Cohort(string category) => new() { ["category"] = category, ["format"] = "json", ["schema"] = "s", ["lines"] = "cohort", ["sha256"] = new string('e', 64), ["bytes"] = 900, ["rows"] = 12, ["quarantine"] = 3 };
        await asked.Platform.Http.Change(asked.At, "deliveries", Cohort("reg:observed.trips")).ExpectProblem(422, "not-relational", "/lines");
        var both = Cohort("reg:observed.relations");
        both["items"] = new JsonArray();
        await asked.Platform.Http.Change(asked.At, "deliveries", both).ExpectProblem(400, "items-or-cohort");
        var delivered = await asked.Do(asked.Platform, "deliveries", Cohort("reg:observed.relations"));
        Assert.Equal((3, 3, 3L), (delivered["lines"]!["fulfilled"]!.GetValue<int>(), delivered["deliveries"]![0]!["lines"]!.GetValue<int>(), delivered["deliveries"]![0]!["quarantine"]!.GetValue<long>()));
        Assert.Equal(("answeredToMember", 1), (delivered["result"]!["notTaken"]![0]!["reason"].Text(), delivered["result"]!["notTaken"]![0]!["count"]!.GetValue<int>())); // who did not let the union receive
        Assert.Equal(new string('e', 64), delivered["deliveries"]![0]!["shared"]!["sha256"].Text());
    }

    [Theory]
    [InlineData("RSA")]
    [InlineData("EC")]
    public async Task What_names_people_is_encrypted_to_the_platforms_published_key(string kind)
    {
        using var rsa = RSA.Create(2048);
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        JsonNode Encoded(byte[] bytes) => Base64UrlEncoder.Encode(bytes);
        var publicKey = kind == "RSA"
            ? new JsonObject { ["kty"] = "RSA", ["n"] = Encoded(rsa.ExportParameters(false).Modulus!), ["e"] = Encoded(rsa.ExportParameters(false).Exponent!) }
            : new JsonObject { ["kty"] = "EC", ["crv"] = "P-256", ["x"] = Encoded(ec.ExportParameters(false).Q.X!), ["y"] = Encoded(ec.ExportParameters(false).Q.Y!) };
        var asked = await Asked.Received(this, 2);
        await Operator.Post($"/v1/organisations/{asked.Platform.Id}/keys", new JsonObject { ["use"] = "enc", ["jwk"] = publicKey }).Expect(200);
        var lines = await asked.Lines(asked.Platform);
        Assert.All(lines, l => Assert.Null(l["accountId"]));
        var opened = lines.Select(l => JsonNode.Parse(Opened(l["identifier"].Text(), rsa, ec))!["accountId"].Text());
        Assert.Equal(["account-M-0", "account-M-1"], opened.Distinct().Order());
        Assert.All(await asked.Lines(asked.Union), l => Assert.Null(l["identifier"]));
    }

    /// <summary>RFC 7518 Appendix C, to the bit.</summary>
    [Fact]
    public void RFC_7518_C_the_key_of_an_agreement_is_derived_as_published()
    {
        static ECDiffieHellman Key(string x, string y, string d) => ECDiffieHellman.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = Base64UrlEncoder.DecodeBytes(x), Y = Base64UrlEncoder.DecodeBytes(y) }, D = Base64UrlEncoder.DecodeBytes(d),
        });
        using var alice = Key("gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0", "SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps", "0_NxaRPUMQoAJt50Gz8YiTr8gRTwyEaCumd-MToTmIo");
        using var bob = Key("weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ", "e8lnCO-AlStT-NJVX-crhB7QRYhiix03illJOVAOyck", "VEmDZpDXXK8p8N0Cndsxs924q6nS1RXFASRl6BfUqdw");
        Assert.Equal("VqqN6vgjbSBcIijNcacQGg", Base64UrlEncoder.Encode(Jwe.Derive(alice.DeriveRawSecretAgreement(bob.PublicKey), "A128GCM", "Alice"u8.ToArray(), "Bob"u8.ToArray(), 16)));
    }

    /// <summary>As a platform opens it: the parts of RFC 7516, by the primitives alone.</summary>
    private static string Opened(string compact, RSA rsa, ECDsa ec)
    {
        var parts = compact.Split('.');
        var header = JsonNode.Parse(Base64UrlEncoder.Decode(parts[0]))!;
        var bytes = parts.Select(Base64UrlEncoder.DecodeBytes).ToArray();
        byte[] key;
        if (header["alg"].Text() == "RSA-OAEP-256") key = rsa.Decrypt(bytes[1], RSAEncryptionPadding.OaepSHA256);
        else
        {
            using var mine = ECDiffieHellman.Create(ec.ExportParameters(true));
            using var once = ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = Base64UrlEncoder.DecodeBytes(header["epk"]!["x"].Text()), Y = Base64UrlEncoder.DecodeBytes(header["epk"]!["y"].Text()) } });
            key = Jwe.Derive(mine.DeriveRawSecretAgreement(once.PublicKey), "A256GCM", [], [], 32);
        }
        var plain = new byte[bytes[3].Length];
        using var aes = new AesGcm(key, 16);
        aes.Decrypt(bytes[2], bytes[3], bytes[4], plain, System.Text.Encoding.ASCII.GetBytes(parts[0]));
        return System.Text.Encoding.UTF8.GetString(plain);
    }

    [Fact]
    public async Task Each_act_is_its_callers_and_needs_what_was_read()
    {
        var asked = await Asked.Received(this);
        var (lines, stranger) = (await asked.Ids(), await Register("platform", "Stranger"));
        var etag = (await asked.Union.Http.Get(asked.At)).ETag!;
        var acts = new (string Act, JsonObject Body)[]
        {
            ("identity-questions", Asked.Named(lines[0])), ("extension", new JsonObject { ["reason"] = "complexity" }), ("refusal", new JsonObject { ["ground"] = "processUnfounded", ["reasons"] = "x", ["complaintRoutes"] = Asked.Array("CNIL") }),
            ("matches", new JsonObject { ["items"] = new JsonArray(new JsonObject { ["line"] = lines[0], ["result"] = "matched" }) }),
        };
        foreach (var (act, body) in acts)
        {
            await stranger.Http.Post($"{asked.At}/{act}", body.DeepClone(), ("If-Match", etag)).ExpectProblem(404, "unknown-request");
            await asked.Union.Http.Post($"{asked.At}/{act}", body.DeepClone(), ("If-Match", etag)).ExpectProblem(403, "wrong-role");
            await asked.Platform.Http.Post($"{asked.At}/{act}", body.DeepClone()).ExpectProblem(428, "if-match-missing");
            await asked.Platform.Http.Post($"{asked.At}/{act}", body.DeepClone(), ("If-Match", "\"1\"")).ExpectProblem(412, "stale-revision");
        }
        foreach (var act in new[] { "withdrawal", "closure", "identity-answers", "escalation", "erasures", "holds", "auditors" })
        {
            var body = act switch
            {
                "identity-answers" => Asked.Named(lines[0]), "escalation" => new JsonObject { ["authority"] = asked.Sector.Authority.Id }, "holds" => new JsonObject { ["ground"] = "wages", ["until"] = "2027-01-01" },
                "erasures" => new JsonObject { ["deliveries"] = new JsonArray(Guid.NewGuid()), ["method"] = "shredded" }, "auditors" => new JsonObject { ["organisation"] = Guid.NewGuid(), ["until"] = "2027-01-01" }, _ => [],
            };
            await asked.Sector.Unions['B'].Http.Post($"{asked.At}/{act}", body.DeepClone(), ("If-Match", etag)).ExpectProblem(404, "unknown-request");
            await asked.Platform.Http.Post($"{asked.At}/{act}", body.DeepClone(), ("If-Match", etag)).ExpectProblem(403, "wrong-role");
        }
    }

    [Fact]
    public async Task A_receipt_that_the_union_proves_to_be_earlier_prevails_over_the_platforms_word()
    {
        var asked = await Asked.Filed(this);
        await MoveTo("2026-12-10");
        await asked.Do(asked.Platform, "receipt");
        Assert.Equal("2027-01-11", (await asked.Deadline())["due"].Text());
        var proof = new JsonObject { ["receivedOn"] = "2026-11-27", ["proof"] = new JsonObject { ["method"] = "registered letter", ["documentHash"] = new string('c', 64) } };
        await asked.Do(asked.Union, "receipt", proof);
        Assert.Equal("2026-12-28", (await asked.Deadline())["due"].Text());
        Assert.True((await asked.Deadline("2026-12-29"))["overdue"]!.GetValue<bool>());
        proof["receivedOn"] = "2026-11-26"; // the union's own word is not bettered by itself
        await asked.Union.Http.Change(asked.At, "receipt", proof).ExpectProblem(409, "already-received");
        await asked.Platform.Http.Change(asked.At, "receipt", new JsonObject { ["receivedOn"] = "2026-12-10" }).ExpectProblem(409, "already-received");
    }

    [Fact]
    public async Task A_receipt_proved_earlier_opens_what_was_refused_too_late()
    {
        var asked = await Asked.Filed(this);
        await MoveTo("2026-12-10");
        await asked.Do(asked.Platform, "receipt");
        await MoveTo("2027-01-08");
        var refused = await asked.Do(asked.Platform, "refusal", new JsonObject { ["ground"] = "processUnfounded", ["reasons"] = "no", ["complaintRoutes"] = Asked.Array("CNIL") });
        Assert.Equal(("refused", "valid"), (refused["state"].Text(), refused["refusals"]![0]!["standing"].Text()));
        var proved = await asked.Do(asked.Union, "receipt", new JsonObject { ["receivedOn"] = "2026-11-27", ["proof"] = new JsonObject { ["method"] = "registered letter", ["documentHash"] = new string('c', 64) } });
        Assert.Equal(("overdue", "invalid", "tooLate", 8), (proved["state"].Text(), proved["refusals"]![0]!["standing"].Text(), proved["refusals"]![0]!["faults"]![0].Text(), proved["lines"]!["pending"]!.GetValue<int>()));
        await asked.Platform.Http.Change(asked.At, "refusal", new JsonObject { ["ground"] = "processUnfounded", ["reasons"] = "no", ["complaintRoutes"] = Asked.Array("CNIL") }).Expect(200);
        Assert.Equal(("2026-11-27", new string('c', 64)), (proved["receipt"]!["on"].Text(), proved["receipt"]!["proof"]!["documentHash"].Text()));
    }

    [Fact]
    public async Task What_a_client_can_send_is_never_an_error_of_ours()
    {
        var asked = await Asked.Received(this);
        var lines = await asked.Ids();
        JsonObject Delivery(long bytes) => new()
        {
            ["category"] = "reg:observed.trips", ["format"] = "json", ["schema"] = "s",
            ["items"] = new JsonArray([.. lines.Select(line => (JsonNode)new JsonObject { ["line"] = line, ["sha256"] = new string('a', 64), ["bytes"] = bytes, ["rows"] = int.MaxValue })]),
        };
        foreach (var bytes in new[] { long.MaxValue, 9_007_199_254_740_993L, -1L }) await asked.Platform.Http.Change(asked.At, "deliveries", Delivery(bytes)).ExpectProblem(400, "number-out-of-range");
        await asked.Platform.Http.Change(asked.At, "deliveries", Delivery(1L << 39)).Expect(200);
        await asked.Union.Http.Change(asked.At, "erasures", new JsonObject { ["deliveries"] = new JsonArray(Guid.Empty), ["method"] = "x" }).ExpectProblem(422, "unknown-delivery", "/deliveries/0");
        await asked.Union.Http.Change(asked.At, "erasures", new JsonObject { ["deliveries"] = new JsonArray(), ["method"] = "x" }).ExpectProblem(400, "empty-list");
        foreach (var act in new[] { "identity-questions", "identity-answers", "matches", "delivery-checks" })
        {
            foreach (var body in new[] { "{}", "[]", "null", """{"lines": null, "items": null}""", """{"lines": ["x"]}""", """{"items": [{}]}""" })
            {
                foreach (var who in new[] { asked.Union, asked.Platform })
                {
                    var answer = await who.Http.Raw($"{asked.At}/{act}", body, "application/json", ("If-Match", (await asked.Union.Http.Get(asked.At)).ETag!));
                    Assert.InRange(answer.Status, 400, 422);
                }
            }
        }
    }

    /// <summary>Whether a day was overdue does not depend on when one asks.</summary>
    [Fact]
    public async Task A_past_day_is_answered_as_it_was()
    {
        var asked = await Asked.Received(this);
        await MoveTo("2026-12-30");
        var then = (await asked.Union.Http.Get(asked.At + "/deadlines?asOf=2026-12-30").Expect(200)).ToJsonString();
        var before = (await asked.Union.Http.Get(asked.At + "/deadlines?asOf=2026-12-01").Expect(200)).ToJsonString();
        await MoveTo("2027-01-05");
        await asked.Deliver([.. await asked.Ids()]);
        Assert.Equal(then, (await asked.Union.Http.Get(asked.At + "/deadlines?asOf=2026-12-30").Expect(200)).ToJsonString());
        Assert.Equal(before, (await asked.Union.Http.Get(asked.At + "/deadlines?asOf=2026-12-01").Expect(200)).ToJsonString());
        Assert.True((await asked.Deadline("2026-12-30"))["overdue"]!.GetValue<bool>());
        Assert.False((await asked.Deadline())["overdue"]!.GetValue<bool>());
    }
}
