using System.Net;
using IdentityProvider.Data;
using IdentityProvider.IntegrationTests.Declarations;
using IdentityProvider.Users;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.IntegrationTests.Administration;

/// <summary>Two roles of which one says that it conflicts with the other are never one person's or client's, by whichever way they come.</summary>
public sealed class RoleConflictTests(AdministeredProviders providers) : IClassFixture<AdministeredProviders>
{
    private const string Told = "the roles approver and requester, which nobody has together";

    private const string Conflicting = """
        {
          "clients": [
            {
              "client_id": "pay-robot", "client_secret": "pay-robot-secret-000000000000000000000000000", "grant_types": ["client_credentials"],
              "scope": "posts"
            }
          ],
          "roles": [
            { "name": "approver" }, { "name": "requester", "conflicts_with": ["approver"] }, { "name": "chief-approver", "inherits": ["approver"] },
            { "name": "purchase-lead", "inherits": ["requester", "access-manager"] }, { "name": "approval-lead", "inherits": ["chief-approver", "access-manager"] },
            { "name": "loner" }
          ],
          "groups": [{ "name": "approvers", "roles": ["chief-approver"] }, { "name": "requesters", "roles": ["requester"] }]
        }
        """;

    [Theory]
    [OnEachDatabase("""{ "users": [{ "username": "both", "roles": ["requester", "approver"] }] }""", "users[0].roles")]
    [OnEachDatabase("""{ "users": [{ "username": "both", "roles": ["requester", "chief-approver"] }] }""", "users[0].roles")]
    [OnEachDatabase("""{ "users": [{ "username": "both", "roles": ["requester"] }], "groups": [{ "name": "approvers", "users": ["both"] }] }""", "users[0].roles")]
    [OnEachDatabase("""{ "users": [{ "username": "both" }], "groups": [{ "name": "approvers", "users": ["both"] }, { "name": "requesters", "users": ["both"] }] }""", "users[0].roles")]
    [OnEachDatabase("""{ "roles": [{ "name": "both", "inherits": ["requester", "chief-approver"] }] }""", "roles[0].inherits")]
    [OnEachDatabase("""{ "roles": [{ "name": "chief-approver", "inherits": ["approver", "requester"] }] }""", "roles[0].inherits")]
    [OnEachDatabase("""{ "groups": [{ "name": "both", "roles": ["approver", "requester"] }] }""", "groups[0].roles")]
    [OnEachDatabase("""{ "groups": [{ "name": "approvers", "roles": ["approver", "requester"] }] }""", "groups[0].roles")]
    [OnEachDatabase("""{ "clients": [{ "client_id": "pay-robot", "roles": ["approver", "requester"] }] }""", "clients[0].roles")]
    [OnEachDatabase("""{ "clients": [{ "client_id": "pay-robot", "roles": ["requester"] }], "groups": [{ "name": "approvers", "clients": ["pay-robot"] }] }""", "clients[0].roles")]
    [OnEachDatabase("""{ "users": [{ "username": "both", "roles": [{ "role": "approver", "expires_at": "2097-01-01T00:00:00Z" }, { "role": "requester", "not_before": "2096-12-31T00:00:00Z" }] }] }""", "users[0].roles")]
    public async Task A_file_after_which_somebody_would_have_both_is_refused(TestDatabase database, string declaration, string place)
    {
        var host = await NewAsync(database);

        var errors = await host.MustRefuseAsync(declaration);

        Assert.Contains(errors, error => error.StartsWith(place, StringComparison.Ordinal) && error.Contains(Told, StringComparison.Ordinal));
    }

    [Theory]
    [OnEachDatabase("""{ "roles": [{ "name": "loner", "conflicts_with": ["loner"] }] }""", "A role does not conflict with itself.")]
    [OnEachDatabase("""{ "roles": [{ "name": "loner", "conflicts_with": ["nobody-knows"] }] }""", "There is no role")]
    [OnEachDatabase("""{ "roles": [{ "name": "loner", "conflicts_with": ["approver", "APPROVER"] }] }""", "names \"APPROVER\" already")]
    [OnEachDatabase("""{ "roles": [{ "name": "loner", "conflicts_with": "approver" }] }""", "roles[0].conflicts_with")]
    [OnEachDatabase("""{ "roles": [{ "name": "loner", "conflicts_with": [5] }] }""", "roles[0].conflicts_with")]
    [OnEachDatabase("""{ "roles": [{ "name": "administrator", "conflicts_with": ["approver"] }] }""", "this server's own")]
    [OnEachDatabase("""{ "roles": [{ "name": "chief-approver", "conflicts_with": ["approver"] }] }""", "the roles approver and chief-approver, which nobody has together")]
    public async Task What_no_role_can_conflict_with_is_refused(TestDatabase database, string declaration, string told)
    {
        var host = await NewAsync(database);

        Assert.Contains(await host.MustRefuseAsync(declaration), error => error.Contains(told, StringComparison.Ordinal));
    }

    [Theory, OnEachDatabase]
    public async Task A_conflict_that_somebody_is_in_already_is_not_taken_on(TestDatabase database)
    {
        var host = await NewAsync(database);
        var name = "late-" + Wire.RandomText(6).ToLowerInvariant();
        await host.ApplyAsync($$"""{ "roles": [{ "name": "{{name}}" }, { "name": "{{name}}-heir", "inherits": ["{{name}}"] }] }""");
        var person = await host.NewPersonAsync($$"""["{{name}}-heir", "loner"]""");

        var errors = await host.MustRefuseAsync($$"""{ "roles": [{ "name": "{{name}}", "conflicts_with": ["loner"] }] }""");

        Assert.Contains(errors, error => error.Contains(person.UserName, StringComparison.Ordinal) && error.Contains(name, StringComparison.Ordinal) && error.Contains("loner", StringComparison.Ordinal));
        await host.AssignAsync(person, $$"""["{{name}}"]""");
        await host.ApplyAsync($$"""{ "roles": [{ "name": "{{name}}", "conflicts_with": ["loner"] }] }""");
    }

    [Theory, OnEachDatabase]
    public async Task Over_HTTP_nobody_gets_the_second_role_directly_by_a_group_or_by_inheritance(TestDatabase database)
    {
        var host = await NewAsync(database);
        var purchases = await host.NewAdministratorAsync("""["purchase-lead"]""");
        var approvals = await host.NewAdministratorAsync("""["approval-lead"]""");
        await MemberAsync(host, approvals, "approvers");
        await MemberAsync(host, purchases, "requesters");
        var requester = await host.NewPersonAsync("""["requester"]""");
        var approver = await host.NewPersonAsync("""["chief-approver"]""");
        await host.ApplyAsync("""{ "clients": [{ "client_id": "pay-robot", "roles": ["requester"] }] }""");

        foreach (var (who, path) in new[]
        {
            (approvals, $"/users/{requester.Subject}/roles/approver"), (approvals, $"/users/{requester.Subject}/roles/chief-approver"),
            (approvals, $"/users/{requester.Subject}/groups/approvers"), (purchases, $"/users/{approver.Subject}/roles/requester"),
            (purchases, $"/users/{approver.Subject}/groups/requesters"), (approvals, "/clients/pay-robot/roles/approver"),
            (approvals, "/clients/pay-robot/groups/approvers"),
        })
        {
            var refused = await who.AskAsync("PUT", path);
            Assert.True(refused.Status == HttpStatusCode.Forbidden && refused["detail"].Contains(Told, StringComparison.Ordinal), $"{path}: {refused}");
        }

        // Nothing of it was kept, and who gives the one up may have the other.
        var held = (await approvals.AskAsync("GET", $"/users/{requester.Subject}/roles")).OrFail().Json;
        Assert.Equal("requester", Assert.Single(held.GetProperty("roles").EnumerateArray()).GetProperty("role").GetString());
        Assert.Equal(HttpStatusCode.NoContent, (await purchases.AskAsync("DELETE", $"/users/{requester.Subject}/roles/requester")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await approvals.AskAsync("PUT", $"/users/{requester.Subject}/roles/approver")).Status);
    }

    [Theory, OnEachDatabase]
    public async Task Of_two_who_give_one_person_each_one_of_the_roles_at_once_one_succeeds(TestDatabase database)
    {
        var host = await NewAsync(database);
        var purchases = await host.NewAdministratorAsync("""["purchase-lead"]""");
        var approvals = await host.NewAdministratorAsync("""["approval-lead"]""");

        for (var round = 0; round < 3; round++)
        {
            var person = await host.NewPersonAsync("[]");
            var answers = await Task.WhenAll(
                purchases.AskAsync("PUT", $"/users/{person.Subject}/roles/requester"), approvals.AskAsync("PUT", $"/users/{person.Subject}/roles/approver"));

            Assert.Equal([HttpStatusCode.NoContent, HttpStatusCode.Forbidden], answers.Select(answer => answer.Status).Order());
        }
    }

    [Theory, OnEachDatabase]
    public async Task The_maker_of_accounts_refuses_both(TestDatabase database)
    {
        var host = await NewAsync(database);
        await using var scope = host.Services.CreateAsyncScope();

        var made = await scope.ServiceProvider.GetRequiredService<UserAccounts>().CreateAsync(
            new NewUser { UserName = "both-" + Wire.RandomText(6), Roles = [new("chief-approver", Period.Always), new("requester", Period.Always)] }, CancellationToken.None);

        Assert.Contains(Told, Assert.Single(Assert.IsType<UserCreation.Refused>(made).Problems).Message, StringComparison.Ordinal);
    }

    [Theory, OnEachDatabase]
    public async Task One_after_the_other_is_not_together_and_a_conflict_that_a_file_takes_back_is_none(TestDatabase database)
    {
        var host = await NewAsync(database);
        var name = "former-" + Wire.RandomText(6).ToLowerInvariant();

        await host.NewPersonAsync("""[{ "role": "approver", "expires_at": "2096-01-01T00:00:00Z" }, { "role": "requester", "not_before": "2096-01-01T00:00:00Z" }]""");
        await host.ApplyAsync($$"""{ "roles": [{ "name": "{{name}}", "conflicts_with": ["loner", "auditor"] }] }""");
        await host.MustRefuseAsync($$"""{ "users": [{ "username": "{{name}}", "roles": ["{{name}}", "auditor"] }] }""");
        // Another file that does not name them leaves them.
        await host.ApplyAsync($$"""{ "roles": [{ "name": "{{name}}", "description": "Still" }] }""");
        await host.MustRefuseAsync($$"""{ "users": [{ "username": "{{name}}", "roles": ["{{name}}", "loner"] }] }""");
        await host.ApplyAsync($$"""{ "roles": [{ "name": "{{name}}", "conflicts_with": ["auditor"] }] }""");
        await host.ApplyAsync($$"""{ "users": [{ "username": "{{name}}", "roles": ["{{name}}", "loner"] }] }""");
    }

    [Theory, OnEachDatabase]
    public async Task Both_roles_tell_of_it(TestDatabase database)
    {
        var host = await NewAsync(database);
        var auditor = await host.NewAdministratorAsync("""["auditor"]""");

        foreach (var (role, other) in new[] { ("requester", "approver"), ("approver", "requester") })
        {
            var told = (await auditor.AskAsync("GET", $"/roles/{role}")).OrFail().Json.GetProperty("conflicts_with");
            Assert.Equal(other, Assert.Single(told.EnumerateArray()).GetString());
        }
    }

    private async Task<ProviderHost> NewAsync(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        await host.ApplyAsync(Conflicting);
        // As it was before other tests.
        await host.ApplyAsync("""{ "clients": [{ "client_id": "pay-robot", "roles": [] }] }""");
        return host;
    }

    private static Task MemberAsync(ProviderHost host, Administrator lead, string group) =>
        host.ApplyAsync($$"""{ "groups": [{ "name": "{{group}}", "users": ["{{lead.Person.UserName}}"] }] }""");
}
