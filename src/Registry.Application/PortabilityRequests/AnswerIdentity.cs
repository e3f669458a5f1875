using FluentValidation;
using MediatR;
using Registry.Application.Mandates;
using Registry.Application.Members;
using Registry.Domain.Kernel;
using Registry.Domain.PortabilityRequests;

namespace Registry.Application.PortabilityRequests;

/// <param name="Line">Whose.</param>
/// <param name="Answer">What shows who they are; sealed like an account id, read by the platform only, gone at the closure.</param>
public sealed record IdentityAnswer(LineId Line, string? Answer);

/// <summary>The union answers for its members, or a member for themselves; their clocks go on, with the days added for which they stood.</summary>
public sealed record AnswerIdentity(RequestId Request, IReadOnlyList<IdentityAnswer> Items, MandateReader By, long? Revision) : IRequest<Reply<ActOnLines>>;

public sealed class AnswerIdentityValidator : AbstractValidator<AnswerIdentity>
{
    public AnswerIdentityValidator()
    {
        RuleFor(c => c.Items).Some(Bulk.MostLines).OverridePropertyName("items");
        RuleForEach(c => c.Items).ChildRules(i => i.RuleFor(x => x.Answer).MaximumLength(2_000).WithErrorCode("text-too-long"));
    }
}

public sealed class AnswerIdentityHandler(Answering answering, OwnLines ownLines, Readings readings, MandateReadings mandates, People people, Vault vault) : IRequestHandler<AnswerIdentity, Reply<ActOnLines>>
{
    public Task<Reply<ActOnLines>> Handle(AnswerIdentity c, CancellationToken ct) => ownLines.Act(c.By, c.Request, own => answering.OnLines(
        c.Request, c.By.Organisation ?? default, c.Revision, (request, _) => Requesting.MayTouch(request, c.By.Organisation),
        async (act, found, touched) =>
        {
            var taken = new List<(IdentityAnswer Item, BlockLine Line, BlockId Block)>();
            await answering.Each(act, found, touched, c.Items, item => item.Line, (block, items) =>
            {
                var outcome = block.AnswerIdentity([.. items!.Select(i => i.Line)], own, found.Today, answering.Now);
                var left = outcome.Rejected.Select(r => r.Line).ToHashSet();
                taken.AddRange(items!.Where(i => i.Answer is not null && !left.Contains(i.Line)).Select(i => (i, block.Lines.First(l => l.Line == i.Line), block.Id)));
                return outcome;
            }, ct);
            await Keep(act, taken, ct);
            return request => Replying.AnswerIdentity(request, c.By.Organisation, touched.Accepted, found.Today, answering.Now);
        }, ct, named: true), ct);

    private async Task Keep(Act act, List<(IdentityAnswer Item, BlockLine Line, BlockId Block)> taken, CancellationToken ct)
    {
        if (taken.Count == 0) return;
        var named = await readings.Query<MandateRow>("of_ids", [taken.Select(t => t.Line.Mandate.Value).Distinct().ToArray()], ct);
        var members = named.Select(row => row.View!.Facts).Where(m => m.KeptUntil() >= mandates.Today).ToDictionary(m => m.Id, m => m.Deed.Member);
        var rows = (await people.OfMembers([.. members.Values.Distinct()], ct)).Where(row => row.Sealed.Length > 0).ToDictionary(row => row.Member);
        foreach (var (item, line, block) in taken)
        {
            if (!members.TryGetValue(line.Mandate, out var member) || !rows.TryGetValue(member, out var row)) continue; // erased meanwhile
            act.Write(LineBlockView.Answers.Row(line.Line.Value, block.Value, member.Value, vault.SealFor(row, item.Answer!, line.Line.Value)));
        }
    }
}
