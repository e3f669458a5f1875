using System.Text.Json;
using System.Text.Json.Nodes;
using Registry.Domain.Agreements;
using Registry.Domain.Terms;

namespace Registry.Application.Agreements;

/// <summary>
/// An agreement as an ODRL 2.2 policy with DPV (W3C Recommendation 15 February 2018; W3C DPV 2.1), and its terms back from
/// it: whoever reads the export computes the same <c>termsHash</c>. What neither vocabulary knows stands under <c>reg:</c>.
/// </summary>
public static class OdrlAgreement
{
    public const string MediaType = "application/ld+json";

    private const string Purpose = "purpose", Recipient = "recipient", Elapsed = "elapsedTime", Group = "reg:groupSize";

    public static JsonObject Write(AgreementView view)
    {
        var rules = (view.Terms ?? []).Select((term, index) => (term.Decision, Rule: Rule(view, term, index))).ToList();
        return new JsonObject
        {
            ["@context"] = new JsonArray("http://www.w3.org/ns/odrl.jsonld", new JsonObject
            {
                ["dpv"] = "https://w3id.org/dpv#", ["dct"] = "http://purl.org/dc/terms/", ["gdpr"] = "https://w3id.org/dpv/legal/eu/gdpr#", ["xsd"] = "http://www.w3.org/2001/XMLSchema#",
                ["reg"] = "urn:registry:", // ours: no other vocabulary has these words
            }),
            ["@type"] = "Agreement", ["uid"] = $"/v1/agreements/{view.Id}", ["dct:title"] = view.Title,
            ["reg:state"] = JsonNamingPolicy.CamelCase.ConvertName(view.State.ToString()), ["reg:version"] = view.Version, ["reg:termsHash"] = view.TermsHash,
            ["dct:coverage"] = new JsonArray([.. view.Scope.Sectors.Concat(view.Scope.Territories).Select(c => (JsonNode)c)]),
            ["dct:valid"] = view.Validity is { } validity ? new JsonObject { ["reg:from"] = LegalDates.Text(validity.From), ["reg:to"] = validity.To is { } to ? LegalDates.Text(to) : null } : null,
            ["assigner"] = Parties(view, Side.Workers), ["assignee"] = Parties(view, Side.Platforms),
            ["permission"] = new JsonArray([.. rules.Where(r => r.Decision == TermDecision.Allowed).Select(r => (JsonNode)r.Rule)]),
            ["prohibition"] = new JsonArray([.. rules.Where(r => r.Decision == TermDecision.Forbidden).Select(r => (JsonNode)r.Rule)]),
        };
    }

    /// <summary>The terms of a policy in the order in which they were agreed.</summary>
    public static IReadOnlyList<DataTerm> Terms(JsonObject policy) =>
    [
        .. Rules(policy, "permission", TermDecision.Allowed).Concat(Rules(policy, "prohibition", TermDecision.Forbidden)).OrderBy(r => r.Position).Select(r => r.Term),
    ];

    private static JsonArray Parties(AgreementView view, Side side) =>
        new([.. view.Parties.Where(p => p.Side == side).Select(p => (JsonNode)new JsonObject { ["@type"] = "Party", ["uid"] = $"/v1/organisations/{p.Organisation}" })]);

    private static JsonObject Rule(AgreementView view, DataTerm term, int index)
    {
        var rule = new JsonObject
        {
            ["uid"] = $"/v1/agreements/{view.Id}/versions/{view.Version}#{Uri.EscapeDataString(term.Clause)}", ["reg:position"] = index, ["reg:clause"] = term.Clause,
            ["target"] = term.Category, ["action"] = "use", ["constraint"] = Constraints(term),
        };
        Put(rule, "reg:subPurposes", Codes(term.SubPurposes));
        Put(rule, "dpv:hasLegalBasis", Codes(term.LegalBasis));
        Put(rule, "dpv:hasTechnicalOrganisationalMeasure", Codes(term.Safeguards));
        Put(rule, "reg:retentionFrom", Word(term.RetentionFrom));
        Put(rule, "reg:generalisation", Word(term.Generalisation));
        Put(rule, "reg:consideration", Word(term.Consideration));
        Put(rule, "duty", term.Entitlements is { } owed ? Duties(owed) : null);
        return rule;
    }

    private static JsonArray Constraints(DataTerm term)
    {
        var constraints = new JsonArray(Constraint(Purpose, "eq", term.Purpose));
        if (term.Recipients is { } recipients) constraints.Add(Constraint(Recipient, "isAnyOf", Codes(recipients)));
        if (term.MaxRetention is { } longest) constraints.Add(Constraint(Elapsed, "lteq", Duration(longest)));
        if (term.MinRetention is { } shortest) constraints.Add(Constraint(Elapsed, "gteq", Duration(shortest)));
        if (term.MinGroup is { } group) constraints.Add(Constraint(Group, "gteq", group));
        return constraints;
    }

    private static JsonObject Constraint(string left, string relation, JsonNode? right) => new() { ["leftOperand"] = left, ["operator"] = relation, ["rightOperand"] = right };

    private static JsonObject Duration(string period) => new() { ["@value"] = period, ["@type"] = "xsd:duration" };

    private static JsonArray Duties(Entitlements owed)
    {
        var duties = new JsonArray();
        if (owed.Portability is { } take)
        {
            duties.Add(new JsonObject { ["action"] = "reg:portability", ["reg:formats"] = Codes(take.Formats), ["reg:within"] = Duration(take.Within), ["reg:channel"] = take.Channel });
        }
        if (owed.Information is { } informed) duties.Add(new JsonObject { ["action"] = "inform", ["reg:owed"] = informed });
        if (owed.HumanReview is { } reviewed) duties.Add(new JsonObject { ["action"] = "reviewPolicy", ["reg:owed"] = reviewed });
        return duties;
    }

    private static IEnumerable<(int Position, DataTerm Term)> Rules(JsonObject policy, string kind, TermDecision decision) =>
        (policy[kind]?.AsArray() ?? []).Select(rule => (rule!["reg:position"]!.GetValue<int>(), Term(rule.AsObject(), decision)));

    private static DataTerm Term(JsonObject rule, TermDecision decision) => new(
        rule["reg:clause"]!.GetValue<string>(), rule["target"]!.GetValue<string>(), Right(rule, Purpose, "eq")!.GetValue<string>(), decision,
        Codes(rule["dpv:hasLegalBasis"]), Right(rule, Elapsed, "lteq")?["@value"]?.GetValue<string>(), Right(rule, Elapsed, "gteq")?["@value"]?.GetValue<string>(),
        Word<RetentionStart>(rule["reg:retentionFrom"]), Codes(Right(rule, Recipient, "isAnyOf")), Codes(rule["dpv:hasTechnicalOrganisationalMeasure"]),
        Right(rule, Group, "gteq")?.GetValue<int>(), Word<Generalisation>(rule["reg:generalisation"]), Codes(rule["reg:subPurposes"]),
        rule["duty"] is JsonArray duties ? Owed(duties) : null, Word<Consideration>(rule["reg:consideration"]));

    private static Entitlements Owed(JsonArray duties)
    {
        JsonNode? Of(string action) => duties.FirstOrDefault(d => d!["action"]!.GetValue<string>() == action);
        var take = Of("reg:portability");
        return new Entitlements(
            take is null ? null : new PortabilityEntitlement(Codes(take["reg:formats"])!, take["reg:within"]!["@value"]!.GetValue<string>(), take["reg:channel"]!.GetValue<string>()),
            Of("inform")?["reg:owed"]!.GetValue<bool>(), Of("reviewPolicy")?["reg:owed"]!.GetValue<bool>());
    }

    private static JsonNode? Right(JsonObject rule, string left, string relation) => rule["constraint"]!.AsArray()
        .FirstOrDefault(c => c!["leftOperand"]!.GetValue<string>() == left && c["operator"]!.GetValue<string>() == relation)?["rightOperand"];

    private static void Put(JsonObject rule, string name, JsonNode? value)
    {
        if (value is not null) rule[name] = value;
    }

    private static JsonArray? Codes(IReadOnlyList<string>? codes) => codes is null ? null : new JsonArray([.. codes.Select(c => (JsonNode)c)]);

    private static IReadOnlyList<string>? Codes(JsonNode? codes) => codes is JsonArray array ? [.. array.Select(c => c!.GetValue<string>())] : null;

    private static JsonNode? Word<T>(T? value) where T : struct, Enum => value is { } word ? JsonNamingPolicy.CamelCase.ConvertName(word.ToString()) : null;

    private static T? Word<T>(JsonNode? value) where T : struct, Enum => value is null ? null : Enum.Parse<T>(value.GetValue<string>(), ignoreCase: true);

}
