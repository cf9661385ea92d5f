using IdentityProvider.Administration;
using IdentityProvider.Permissions;

namespace IdentityProvider.UnitTests.Administration;

/// <summary>The table that is the administration API.</summary>
public sealed class OperationTests
{
    [Fact]
    public void Every_permission_has_an_endpoint_and_a_role_and_every_endpoint_a_permission_of_the_list()
    {
        var guarding = Operations.All.Select(operation => operation.Permission).Distinct().ToList();

        Assert.Empty(AdministrationPermission.All.Except(guarding));
        Assert.Empty(guarding.Except(AdministrationPermission.All));
        Assert.Empty(AdministrationPermission.All.Except(BuiltInRole.All.SelectMany(role => role.Permissions)));
    }

    [Fact]
    public void No_two_operations_answer_one_request() =>
        Assert.Equal(Operations.All.Count, Operations.All.Select(operation => (operation.Method, operation.Template)).Distinct().Count());

    [Fact] // What only reads what is stored belongs to no duty but that of reading the audit trail; what changes anything, or tries it out, does.
    public void Whoever_changes_anything_has_a_duty() => Assert.All(Operations.All, operation => Assert.Equal(
        operation.Method != "GET" || operation.Permission == AdministrationPermission.AuditRead || operation.Permission == AdministrationPermission.TokensPreview,
        operation.Permission.Duty != Duties.None));

    [Fact] // A preview shows what else is known of a person, and what their roles come to.
    public void Whoever_looks_at_tokens_may_see_people_and_roles() => Assert.All(
        BuiltInRole.All.Where(role => role.Permissions.Contains(AdministrationPermission.TokensPreview)),
        role => Assert.Empty(new[] { AdministrationPermission.UsersRead, AdministrationPermission.RolesRead }.Except(role.Permissions)));

    [Fact]
    public void No_built_in_role_joins_duties_and_nobody_holds_everything() => Assert.All(BuiltInRole.All, role =>
    {
        Assert.False(role.Duties.Conflict());
        Assert.NotEmpty(AdministrationPermission.All.Except(role.Permissions));
    });

    [Theory]
    [InlineData("/clients", "/clients", "")]
    [InlineData("/clients/*", "/clients/shop", "shop")]
    [InlineData("/users/*/roles/*", "/users/alice/roles/help-desk", "alice help-desk")]
    [InlineData("/clients/*", "/clients", null)]
    [InlineData("/clients/*", "/clients/shop/secret", null)]
    [InlineData("/clients/*/secret", "/clients/shop/Secret", null)]
    public void A_path_fits_its_template(string template, string path, string? values) => Assert.Equal(
        values,
        new Operation("GET", template, AdministrationPermission.ClientsRead, _ => Task.FromResult(Answer.Nothing))
            .Match(path.Split('/', StringSplitOptions.RemoveEmptyEntries)) is { } found ? string.Join(' ', found) : null);
}
