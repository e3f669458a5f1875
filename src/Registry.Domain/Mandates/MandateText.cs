namespace Registry.Domain.Mandates;

/// <summary>The words that a member signs, by version and language; a mandate keeps which it was.</summary>
public sealed record MandateText(string Version, string Language, DateOnly From, string Title, string Text);
