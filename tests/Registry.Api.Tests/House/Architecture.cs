using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Routing;
using Registry.Api.Http;
using Registry.Api.Operations;
using Registry.Api.Security;
using Registry.Application;
using Registry.Domain.Kernel;
using Registry.Domain.Mandates;

namespace Registry.Api.Tests.House;

/// <summary>The rules of the house. Each one is also held against a planted offender, so that it is known to bite.</summary>
public sealed partial class Architecture
{
    private static readonly Assembly Domain = typeof(MandateId).Assembly;
    private static readonly Assembly EventStore = typeof(EventStore.Database).Assembly;
    private static readonly Assembly Application = typeof(Ledger).Assembly;
    private static readonly Assembly Api = typeof(RegistryHost).Assembly;
    private static readonly Assembly Planted = typeof(Architecture).Assembly;

    public static string Root => typeof(Architecture).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!;

    private static IEnumerable<string> References(Assembly assembly) =>
        assembly.GetReferencedAssemblies().Select(a => a.Name!).Where(n => !n.StartsWith("System", StringComparison.Ordinal) && n is not ("netstandard" or "mscorlib"));

    [Fact]
    public void The_domain_refers_to_nothing() => Assert.Empty(References(Domain));

    [Fact]
    public void The_event_store_refers_to_Npgsql_only_and_to_Marten_where_it_was_built_in() => Assert.Equal(
        Registry.Application.Instance.RegistryInstance.Engine == "marten" ? ["JasperFx", "JasperFx.Events", "Marten", "Npgsql", "Polly.Core", "Weasel.Core", "Weasel.Postgresql", "Weasel.Storage"] : ["Npgsql"],
        References(EventStore).Order(StringComparer.Ordinal));

    [Fact]
    public void The_application_refers_to_domain_event_store_MediatR_and_FluentValidation() =>
        Assert.Equal(["FluentValidation", "MediatR", "Registry.Domain", "Registry.EventStore"], References(Application).Order(StringComparer.Ordinal));

    [Fact]
    public void The_reference_rule_sees_an_offender() => Assert.Contains("Npgsql", References(Planted));

    /// <summary>Namespaces of other assemblies that an assembly's code names.</summary>
    private static HashSet<string> NamespacesNamedBy(Assembly assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly.Location));
        var metadata = file.GetMetadataReader();
        return [.. metadata.TypeReferences.Select(metadata.GetTypeReference).Select(t => metadata.GetString(t.Namespace))];
    }

    [Fact]
    public void The_host_never_speaks_to_the_event_store()
    {
        Assert.DoesNotContain(NamespacesNamedBy(Api), n => n.StartsWith("Registry.EventStore", StringComparison.Ordinal) || n.StartsWith("Npgsql", StringComparison.Ordinal));
        Assert.Contains(NamespacesNamedBy(Planted), n => n.StartsWith("Registry.EventStore", StringComparison.Ordinal));
    }

    /// <summary>Requests whose answer holds something about a member, wherever in it, and that declare no purpose and category. A member's own readings need none.</summary>
    private static IEnumerable<Type> SilentDisclosers(Assembly assembly) =>
        from type in assembly.GetTypes()
        from request in type.GetInterfaces().Where(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IRequest<>))
        let reply = request.GenericTypeArguments[0]
        where reply.IsGenericType && reply.GetGenericTypeDefinition() == typeof(Reply<>) && IsAboutMembers(reply.GenericTypeArguments[0], [])
        where !type.GetInterfaces().Contains(typeof(IDiscloses<>).MakeGenericType(reply.GenericTypeArguments[0]))
        where !IsOwnReading(type)
        select type;

    private static bool IsAboutMembers(Type view, HashSet<Type> seen)
    {
        if (view == typeof(MandateId) || view == typeof(MemberRef) || typeof(IAboutMembers).IsAssignableFrom(view)) return true;
        if (view.IsGenericType || view.IsArray) return (view.IsArray ? [view.GetElementType()!] : view.GenericTypeArguments).Any(t => IsAboutMembers(t, seen)) || Own(view);
        return Own(view);

        bool Own(Type type) => type.Namespace?.StartsWith("Registry", StringComparison.Ordinal) == true && seen.Add(type)
            && type.GetProperties().Any(p => p.Name is "Mandate" && Nullable.GetUnderlyingType(p.PropertyType) is var inner && (inner ?? p.PropertyType) == typeof(Guid) || IsAboutMembers(p.PropertyType, seen));
    }

    /// <summary>Asked by a person about themselves: it takes their subject and no organisation.</summary>
    private static bool IsOwnReading(Type request) => request.GetConstructors().SelectMany(c => c.GetParameters()).ToList() is var asked
        && asked.Any(p => p.Name == "Subject") && asked.All(p => p.ParameterType != typeof(OrganisationId) && p.ParameterType != typeof(OrganisationId?) && p.ParameterType != typeof(Application.Mandates.MandateReader));

    private sealed record PlantedDiscloser : IRequest<Reply<Application.Mandates.MandateView>>;

    private sealed record PlantedDeepDiscloser(OrganisationId By, string Subject) : IRequest<Reply<Page<PlantedRow>>>;

    private sealed record PlantedRow(int Row, IReadOnlyList<PlantedCell> Cells);

    private sealed record PlantedCell(Guid? Mandate);

    [Fact]
    public void Whoever_is_shown_members_names_purpose_and_category()
    {
        Assert.Empty(SilentDisclosers(Application));
        Assert.Equal([typeof(PlantedDiscloser), typeof(PlantedDeepDiscloser)], SilentDisclosers(Planted));
    }

    private static IEnumerable<MethodInfo> Actions(Assembly assembly) => assembly.GetTypes().Where(t => typeof(ControllerBase).IsAssignableFrom(t) && !t.IsAbstract)
        .SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)).Where(m => m.IsDefined(typeof(HttpMethodAttribute)));

    private static IEnumerable<MethodInfo> OpenToNobodyKnows(Assembly assembly) => Actions(assembly)
        .Where(m => !m.IsDefined(typeof(OnlyForAttribute)) && !m.IsDefined(typeof(AnyTokenAttribute)) && !m.IsDefined(typeof(AnyoneAttribute)));

    public sealed class PlantedController : ControllerBase
    {
        [HttpPost("planted")]
        public IActionResult Act() => Ok();
    }

    [Fact]
    public void Every_action_says_who_may_call()
    {
        Assert.NotEmpty(Actions(Api));
        Assert.Empty(OpenToNobodyKnows(Api));
        Assert.Single(OpenToNobodyKnows(Planted));
    }

    [Fact]
    public void Every_action_is_documented()
    {
        var documented = File.ReadAllText(Path.ChangeExtension(Api.Location, ".xml"));
        Assert.All(Actions(Api), action => Assert.Contains($"M:{action.DeclaringType!.FullName}.{action.Name}", documented, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_change_of_an_agreement_or_request_takes_If_Match() => Assert.All(
        Actions(Api).Where(m => m.GetCustomAttribute<HttpPostAttribute>()?.Template is { } route && (route.StartsWith("agreements/{id", StringComparison.Ordinal) || route.StartsWith("portability-requests/{id", StringComparison.Ordinal))),
        action => Assert.Contains(action.GetParameters(), p => p.IsDefined(typeof(IfMatchAttribute))));

    [Fact]
    public void Every_event_of_the_domain_is_catalogued_under_Martens_alias()
    {
        var events = Domain.GetTypes().Where(t => t is { IsAbstract: false } && t.BaseType is { IsAbstract: true } b && b.Name.EndsWith("Event", StringComparison.Ordinal)).ToHashSet();
        Assert.NotEmpty(events);
        Assert.Equal(events.Order(ByName), EventCatalogue.Events.Select(e => e.Type).Distinct().Order(ByName));
        Assert.All(EventCatalogue.Events, e => Assert.Equal(ViewCatalogue.StreamType(e.Type), e.Name));
    }

    private static readonly Comparer<Type> ByName = Comparer<Type>.Create((a, b) => string.CompareOrdinal(a.FullName, b.FullName));

    [Fact]
    public void An_older_event_is_lifted_to_the_newest_shape()
    {
        var catalogue = new EventCatalogue(
            [new("agreement_signed", 1, typeof(MandateAccepted)), new("agreement_signed", 2, typeof(MandateAccepted))],
            new Dictionary<string, Func<System.Text.Json.Nodes.JsonObject, System.Text.Json.Nodes.JsonObject>>
            {
                ["agreement_signed"] = old => new() { ["mandate"] = old["id"]!.DeepClone(), ["at"] = "2026-11-25T12:00:00Z" },
            });
        var id = Guid.NewGuid();
        var stored = new Registry.EventStore.Streams.StoredEvent(1, Guid.NewGuid(), id, 1, "agreement_signed", $$"""{"id": "{{id}}"}""", default, null, null, null);
        Assert.Equal(id, Assert.IsType<MandateAccepted>(catalogue.Read(stored)).Mandate.Value);
        Assert.Equal("agreement_signed_v2", catalogue.Store(new MandateAccepted(new MandateId(id), default)).Type);
        Assert.Throws<UnknownEventException>(() => catalogue.Read(stored with { Type = "from_the_future" }));
    }

    /// <summary>Codes stand in the sources as literals; each must have its entry, and no entry may be left over.</summary>
    [Fact]
    public void Every_code_has_texts_and_every_text_its_code()
    {
        var sources = Directory.EnumerateFiles(Path.Combine(Root, "src"), "*.cs", SearchOption.AllDirectories).Where(f => !f.Contains("/obj/", StringComparison.Ordinal)).Select(File.ReadAllText).ToList();
        var used = sources.SelectMany(s => Codes().Matches(s)).Select(m => m.Groups[1].Value).ToHashSet();
        Assert.True(used.Count > 60);
        Assert.Empty(used.Except(Problems.Catalogue.Keys));
        var all = string.Concat(sources);
        Assert.DoesNotContain(Problems.Catalogue.Keys, code => !all.Contains($"\"{code}\"", StringComparison.Ordinal));
        Assert.All(Problems.Catalogue.Values, p => Assert.True(p is { Status: >= 400, Title.En.Length: > 0, Title.Fr.Length: > 0, Text.En.Length: > 0, Text.Fr.Length: > 0 } && p.Title.En != p.Title.Fr));
    }

    [Fact]
    public void A_code_is_answered_with_the_status_of_its_kind()
    {
        var statuses = new Dictionary<RefusalKind, int> { [RefusalKind.Unknown] = 404, [RefusalKind.Forbidden] = 403, [RefusalKind.Conflict] = 409, [RefusalKind.Stale] = 412, [RefusalKind.Rule] = 422 };
        var refusals = Domain.GetTypes().SelectMany(t => t.GetFields(BindingFlags.Public | BindingFlags.Static)).Where(f => f.FieldType == typeof(Refusal)).Select(f => (Refusal)f.GetValue(null)!).ToList();
        Assert.NotEmpty(refusals);
        Assert.All(refusals, r => Assert.Equal(statuses[r.Kind], Problems.Catalogue[r.Code].Status));
    }

    [Fact]
    public void Every_validator_names_its_codes() => Assert.All(
        Application.GetTypes().Where(t => t is { IsAbstract: false, ContainsGenericParameters: false } && t.GetInterfaces().Contains(typeof(IValidator))),
        type => Assert.All(
            ((IValidator)Activator.CreateInstance(type, nonPublic: true)!).CreateDescriptor().Rules.SelectMany(r => r.Components).Where(c => c.Validator is not FluentValidation.Validators.IChildValidatorAdaptor),
            component => Assert.Contains(component.ErrorCode ?? "(none)", Problems.Catalogue.Keys)));

    [GeneratedRegex(@"(?:new Refusal\(|new\((?=""[a-z-]+"", RefusalKind)|Refused\(|WithErrorCode\(|Problems\.Write\([^,()]+, )""([a-z]+(?:-[a-z]+)+)""")]
    private static partial Regex Codes();
}
