using FluentValidation;
using Registry.Application.Members;
using Registry.Application.PortabilityRequests;
using Registry.Domain.Kernel;
using Registry.Domain.Mandates;

namespace Registry.Application.Mandates;

/// <summary>What the member says of a mandate, or its representative writes down for the member, at once.</summary>
public sealed record MembersWord(MandateId Mandate, MandateReader By, DateOnly? ReceivedOn, MandateEvidence? Evidence);

public sealed class MembersWordShape : AbstractValidator<MembersWord>
{
    public MembersWordShape() => RuleFor(w => w.Evidence!.DocumentHash).Digest().When(w => w.Evidence is not null);
}

/// <summary>Takes a word down: one decision on the mandate, and what follows for the person's other mandates and for open lines.</summary>
public sealed class MembersWords(Ledger ledger, OtherMandates others, LinesOfMandate lines, MandateReadings mandates, People people)
{
    public async Task<Reply<MandateView>> Take(MembersWord word, Func<Mandate?, Speaker, Outcome<MandateEvent>> decide, CancellationToken ct)
    {
        var rows = word.By.Subject is { } subject ? await people.OfSubject(subject, ct) : [];
        Speaker Speaking(Mandate? mandate) => new(rows.FirstOrDefault(r => r.Member == mandate?.Deed.Member)?.Member, word.By.Organisation);
        return await mandates.Show(await Ending(word.Mandate, mandate => decide(mandate, Speaking(mandate)), ct), ct);
    }

    /// <summary>A decision that may end a mandate or a part of it. No revision: a conflict is decided again, never shown.</summary>
    public Task<Reply<MandateRow>> Ending(MandateId id, Func<Mandate?, Outcome<MandateEvent>> decide, CancellationToken ct, bool remembered = true) => ledger.Together<MandateRow, MandateEvent>(async act =>
    {
        Mandate? before = null;
        var reply = await act.Decide<Mandate, MandateEvent, MandateRow>(id.Value, mandate => decide(before = mandate), ct);
        if (!reply.Changed) return reply;
        var after = reply.View!.Facts;
        await lines.Follow(act, after.Deed.Member, after.Deed.Representative, [after], ct);
        await others.GiveBack(act, before!, after, ct);
        act.Tell(after.Deed.Representative, "mandate.changed", id.Value);
        return reply;
    }, ct, remembered);
}
