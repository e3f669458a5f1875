namespace Registry.Domain.Mandates;

/// <summary>The words that a member signs, by version and language; a mandate keeps which it was.</summary>
/// <param name="Consents">The legal bases that its words carry, such as <c>gdpr:A6-1-a</c>; no receipt claims another.</param>
public sealed record MandateText(string Version, string Language, DateOnly From, string Title, string Text, IReadOnlyList<string> Consents);
