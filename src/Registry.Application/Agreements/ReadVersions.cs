using MediatR;
using Registry.Domain.Agreements;
using Registry.Domain.Kernel;
using Registry.Domain.Terms;

namespace Registry.Application.Agreements;

/// <summary>Every text that was ever on the table, in order.</summary>
public sealed record ListVersions(Guid Agreement) : IRequest<Reply<Page<VersionView>>>;

/// <summary>One of them in full.</summary>
public sealed record GetVersion(Guid Agreement, int Version) : IRequest<Reply<VersionView>>;

public sealed record RectificationView(DateTimeOffset At, string TermsHash);

/// <param name="Version">Its number.</param>
/// <param name="Base">The version that an amendment rests on.</param>
/// <param name="Answered">Another text was tabled in its place before it was agreed.</param>
/// <param name="State">How far it came; null for a text that was answered.</param>
/// <param name="TermsHash">SHA-256 over the RFC 8785 form of its whole terms as they were tabled.</param>
/// <param name="By">Whose text it is.</param>
/// <param name="Side">On whose side.</param>
/// <param name="TabledAt">When.</param>
/// <param name="Duration">What it says of its duration.</param>
/// <param name="Survival">What it says of its survival.</param>
/// <param name="Terms">Its whole terms as they were tabled; null in a list.</param>
/// <param name="Rectifications">When it was rectified since, and the hash of what it reads as from then on.</param>
public sealed record VersionView(
    int Version, int? Base, bool Answered, AgreementState? State, string TermsHash, Guid By, Side Side, DateTimeOffset TabledAt, string? Duration, string? Survival,
    IReadOnlyList<DataTerm>? Terms, IReadOnlyList<RectificationView> Rectifications);

public sealed class ListVersionsHandler(AgreementStory story, AtTheTable table) : IRequestHandler<ListVersions, Reply<Page<VersionView>>>
{
    public async Task<Reply<Page<VersionView>>> Handle(ListVersions q, CancellationToken ct)
    {
        var told = await story.Of(q.Agreement, ct);
        return told.Count == 0 ? AgreementRefusals.Unknown : new Page<VersionView>([.. Versions.Of(told, table.Today).Select(v => v with { Terms = null })], null);
    }
}

public sealed class GetVersionHandler(AgreementStory story, AtTheTable table) : IRequestHandler<GetVersion, Reply<VersionView>>
{
    public async Task<Reply<VersionView>> Handle(GetVersion q, CancellationToken ct) =>
        Versions.Of(await story.Of(q.Agreement, ct), table.Today).FirstOrDefault(v => v.Version == q.Version) is { } found ? found : AgreementRefusals.UnknownVersion;
}

internal static class Versions
{
    public static List<VersionView> Of(IReadOnlyList<Told> story, Func<Agreement, DateOnly> today)
    {
        var (found, facts) = (new List<VersionView>(), (Agreement?)null);
        foreach (var told in story)
        {
            facts = Agreement.Evolve(facts, told.Event);
            if (told.Event is AgreementTextTabled or AgreementAmendmentTabled) found.Add(Tabled(facts!, told));
        }
        return [.. found.Select(version => Now(version, facts!, story, today(facts!)))];
    }

    private static VersionView Tabled(Agreement facts, Told told)
    {
        var text = facts.Texts[^1];
        return new VersionView(
            text.Version, text.Base, true, null, text.Tabled.TermsHash, text.Tabled.By.Value, text.Tabled.Side, told.RecordedAt, text.Tabled.Duration, text.Tabled.Survival,
            facts.TermsOf(text), []);
    }

    private static VersionView Now(VersionView version, Agreement facts, IReadOnlyList<Told> story, DateOnly today)
    {
        if (facts.Texts.FirstOrDefault(t => t.Version == version.Version) is not { } text) return version;
        var mended = story.Where(told => told.Event is AgreementRectified e && e.Version == version.Version);
        return version with
        {
            Answered = false, State = facts.StateOf(text, today),
            Rectifications = [.. mended.Select(told => new RectificationView(told.RecordedAt, ((AgreementRectified)told.Event).TermsHash))],
        };
    }
}
