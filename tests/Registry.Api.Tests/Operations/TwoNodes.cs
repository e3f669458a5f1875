using System.Text.Json.Nodes;
using Registry.Api.Security;
using Registry.Application.Instance;

namespace Registry.Api.Tests.Operations;

/// <summary>Two processes on one database, with the same keys: what is withdrawn at one is refused at the other at once.</summary>
public sealed class TwoNodes : StartedProgram
{
    [Fact]
    public async Task A_withdrawal_at_one_node_holds_at_the_other_at_once()
    {
        var (writer, reader, owner, eraser) = await Postgres.NewDatabase();
        (string, string)[] settings =
        [
            ("Registry__Database", writer), ("Registry__DatabaseReader", reader), ("Registry__DatabaseOwner", owner), ("Registry__DatabaseEraser", eraser), ("Registry__Evaluation", "true"), ("Registry__Limits__Others", "0"),
        ];
        var other = Folder + "-other";
        try
        {
            var (_, one) = await Up(settings);
            Directory.CreateDirectory(Path.Combine(other, "keys"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            foreach (var file in Directory.GetFiles(Path.Combine(Folder, "keys")).Where(f => Path.GetFileName(f) is not ("node" or "witness"))) File.Copy(file, Path.Combine(other, "keys", Path.GetFileName(file)));
            var two = await Serving(Start(settings, ["up", "--data", other, "--urls", "http://127.0.0.1:0"]));
            var issuer = new EmbeddedIssuer(new DataFolder(Folder), TimeProvider.System);
            Client At(Uri node, string role, string? org = null, string? sub = null) => new(node, issuer.Token(role, org, sub));
            async Task<string> Register(string kind) => (await At(one, Roles.Operator).Post("/v1/organisations", new JsonObject { ["kind"] = kind, ["name"] = kind, ["country"] = "FR" }).Expect(201))["id"].Text();
            var (union, platform) = (await Register("union"), await Register("platform"));
            var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(-1));
            for (var n = 0; n < 20; n++)
            {
                var (here, there, rep) = (At(one, Roles.Member, null, $"m{n}"), At(two, Roles.Member, null, $"m{n}"), At(two, Roles.Union, union));
                var at = $"/v1/mandates/{(await here.Post("/v1/mandates", JsonNode.Parse($$"""
                    {"representative": "{{union}}", "validity": {"from": "{{today:yyyy-MM-dd}}", "to": "{{today.AddMonths(6):yyyy-MM-dd}}"},
                     "scopes": [{"rights": ["portability"], "categories": ["reg:observed"], "purposes": ["dpv:RightsFulfillment"], "controllers": ["{{platform}}"]}]}
                    """)!).Expect(201))["id"]}";
                await rep.Post(at + "/acceptance", null).Expect(200);
                await here.Post(at + "/withdrawal", null).Expect(200);
                // Not a moment in between: whatever the other node is asked next.
                switch (n % 4)
                {
                    case 0: await rep.Post(at + "/acceptance", null).ExpectProblem(409, "mandate-withdrawn"); break;
                    case 1: Assert.Equal("withdrawn", (await there.Get(at).Expect(200))["state"].Text()); break;
                    case 2: await there.Post(at + "/pause", null).ExpectProblem(409, "mandate-withdrawn"); break;
                    default:
                        var drafted = await rep.Post("/v1/portability-requests", JsonNode.Parse($$"""
                            {"platform": "{{platform}}", "hooks": ["gdpr:A20"], "categories": ["reg:observed.trips"], "purpose": "dpv:RightsFulfillment", "format": "json",
                             "cohort": {"all": false, "mandates": ["{{at.Split('/')[^1]}}"]} }
                            """)!).Expect(201);
                        Assert.Equal(0, drafted["cohort"]!["count"]!.GetValue<int>());
                        break;
                }
            }
        }
        finally
        {
            foreach (var process in Started.Where(p => !p.HasExited)) await Stop(process);
            Directory.Delete(other, recursive: true);
        }
    }
}
