namespace Registry.EventStore.Views;

/// <summary>A query that stands in a view's SQL file under a name and is prepared once at start.</summary>
/// <param name="View">The view that it belongs to.</param>
/// <param name="Name">Its name.</param>
/// <param name="PlannedEachTime">Its arguments decide how it is best run, so that no plan is kept.</param>
/// <param name="Sql">Its text, with <c>$1</c> and so on.</param>
public sealed record NamedQuery(string View, string Name, string Sql, bool PlannedEachTime = false);
