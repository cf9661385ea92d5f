using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace IdentityProvider.Testing;

/// <summary>
/// Runs a theory once on each database; its first parameter is the <see cref="TestDatabase"/>, the others come from here.
/// Where a database is not installed the row is reported as skipped with the reason.
/// </summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class OnEachDatabaseAttribute(params object?[] values) : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        new([.. Enum.GetValues<TestDatabase>().Select(database =>
            new TheoryDataRow([database, .. values]) { Skip = Installed.Without(database) })]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
