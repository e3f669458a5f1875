namespace Registry.Domain.Vocabularies;

/// <summary>A purpose of W3C DPV, such as <c>dpv:ServiceProvision</c>.</summary>
public readonly record struct Purpose(string Code) { public override string ToString() => Code; }

/// <summary>A category of personal data, such as <c>reg:observed.location</c>.</summary>
public readonly record struct DataCategory(string Code) { public override string ToString() => Code; }

/// <summary>A bargaining unit, always with its scheme and version: <c>nace21:49.33</c>, <c>idcc:2216</c>, <c>fr-platform:vtc</c>.</summary>
public readonly record struct Sector(string Code) { public override string ToString() => Code; }

/// <summary><c>EU</c>, ISO 3166-1 or ISO 3166-2.</summary>
public readonly record struct Territory(string Code)
{
    /// <summary>The country of a subdivision, or the country itself.</summary>
    public string Country => Code.Length > 2 ? Code[..2] : Code;

    public override string ToString() => Code;
}
