using Registry.Domain.Kernel;

namespace Registry.Application;

/// <summary>What every use case answers with; a behaviour can refuse in its place.</summary>
public interface IReply<TSelf>
{
    Refusal? Refused { get; }

    static abstract TSelf Refuse(Refusal refusal);
}

/// <summary>A view at a revision, or a refusal; a stale If-Match is a refusal too.</summary>
public sealed record Reply<TView>(TView? View, long Revision, Refusal? Refused) : IReply<Reply<TView>> where TView : class
{
    /// <summary>The act made the thing that is shown.</summary>
    public bool Created { get; init; }

    /// <summary>Something happened; false where asking again was harmless.</summary>
    public bool Changed { get; init; }

    /// <summary>The call was a repetition; what is shown is what was shown before.</summary>
    public bool Replayed { get; init; }

    public static Reply<TView> Refuse(Refusal refusal) => new(null, 0, refusal);

    public static implicit operator Reply<TView>(Refusal refusal) => Refuse(refusal);

    public static implicit operator Reply<TView>(TView view) => new(view, 0, null);

    /// <summary>The same answer with another face, such as a view on a day.</summary>
    public Reply<TOther> As<TOther>(Func<TView, TOther> face) where TOther : class =>
        new(View is null ? null : face(View), Revision, Refused) { Created = Created, Changed = Changed, Replayed = Replayed };
}

/// <summary>A page of a collection; the cursor is opaque and null on the last page.</summary>
public sealed record Page<TItem>(IReadOnlyList<TItem> Items, [property: System.Text.Json.Serialization.JsonIgnore] string? Next);

/// <summary>Where a page starts and how long it may be. <paramref name="After"/> is what the last page's cursor said.</summary>
public sealed record PageAsked(int Limit, string? After)
{
    public Guid AfterId => Guid.TryParse(After, out var id) ? id : Guid.Empty;
}
