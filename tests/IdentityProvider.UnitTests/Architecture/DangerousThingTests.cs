using System.Security.Claims;
using ArchUnitNET.Domain;
using ArchUnitNET.Domain.Dependencies;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.UnitTests.Architecture;

/// <summary>One maker for each dangerous thing.</summary>
public sealed class DangerousThingTests
{
    [Fact]
    public void Claims_identities_are_made_only_in_Claims() => Product.AssertNone(
        from call in Calls()
        where call.Target == typeof(ClaimsIdentity).FullName && call.Member.StartsWith(".ctor", StringComparison.Ordinal)
        where Product.CapabilityOf(call.Origin) != "Claims"
        select $"{call.Origin} makes a ClaimsIdentity");

    [Fact]
    public void Claim_destinations_are_set_only_in_Claims() => Product.AssertNone(
        from call in Calls()
        where call.Target == "OpenIddict.Abstractions.OpenIddictExtensions" && call.Member.StartsWith("SetDestinations", StringComparison.Ordinal)
        where Product.CapabilityOf(call.Origin) != "Claims"
        select $"{call.Origin} sets claim destinations");

    [Fact]
    public void Raw_SQL_stays_in_Data() => Product.AssertNone(
        from call in Calls()
        where call.Target is "Microsoft.EntityFrameworkCore.RelationalDatabaseFacadeExtensions" or "Microsoft.EntityFrameworkCore.RelationalQueryableExtensions"
        where call.Member.Contains("Sql", StringComparison.Ordinal)
        where Product.CapabilityOf(call.Origin) != "Data"
        select $"{call.Origin} calls {call.Member}");

    // Elsewhere SQL is a statement, written once and for all.
    [Fact]
    public void A_statement_is_made_once_and_never_of_what_a_request_holds() => Product.AssertNone(
        from source in Product.Sources("*.cs")
        where !source.Path.EndsWith("/Audit/AuditRows.cs", StringComparison.Ordinal) // of its own columns
            && !source.Path.EndsWith("/Data/OutdatedRows.cs", StringComparison.Ordinal) // of the names that it is made with, once and for all
        from line in source.Text.Split('\n')
        where System.Text.RegularExpressions.Regex.IsMatch(line, @"\bnew (Statement|OutdatedRows)\(|(?<!private static readonly )\b(Statement|OutdatedRows) \w+ = ")
        select $"{source.Path}: {line.Trim()}");

    [Fact]
    public void Redirects_take_no_address_from_a_request_unparsed() => Product.AssertNone(
        from call in Calls()
        where call.Member.StartsWith("Redirect(", StringComparison.Ordinal) && call.Target.StartsWith("Microsoft.AspNetCore.Mvc.", StringComparison.Ordinal)
        where Product.CapabilityOf(call.Origin) is "Pages"
        select $"{call.Origin} calls Redirect: use LocalRedirect with a ReturnUrl");

    private static IEnumerable<(string Origin, string Target, string Member)> Calls() =>
        from type in Product.Architecture.Types
        where Product.CapabilityOf(type) is not null
        from dependency in type.Dependencies.OfType<MethodCallDependency>()
        select (type.FullName, dependency.Target.FullName, dependency.TargetMember.Name);
}
