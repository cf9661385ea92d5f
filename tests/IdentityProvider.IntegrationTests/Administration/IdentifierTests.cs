using System.Net;
using System.Net.Http.Headers;
using System.Text;
using IdentityProvider.Claims;
using IdentityProvider.Data;
using IdentityProvider.IntegrationTests.Declarations;
using IdentityProvider.Users;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.IntegrationTests.Administration;

/// <summary>Names that somebody could be taken for somebody else by.</summary>
public sealed class IdentifierTests(AdministeredProviders providers) : IClassFixture<AdministeredProviders>
{
    private readonly string mark = Wire.RandomText(8).ToLowerInvariant();

    [Theory, OnEachDatabase]
    public async Task Nobody_is_called_by_the_address_of_another_account(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var manager = await host.NewAdministratorAsync("""["user-manager"]""");
        var verified = await host.NewPersonAsync();
        var unverified = $"un-{mark}@example.com";
        Assert.Equal(HttpStatusCode.Created, (await manager.AskAsync("POST", "/users", $$"""{ "username": "un-{{mark}}", "email": "{{unverified}}" }""")).Status);

        foreach (var address in new[] { verified.Email, verified.Email.ToUpperInvariant(), unverified })
        {
            foreach (var body in new[] { $$"""{ "username": "{{address}}" }""", $$"""{ "username": "{{address}}", "email": "{{address}}" }""" })
            {
                var refused = await manager.AskAsync("POST", "/users", body);
                Assert.Equal((HttpStatusCode.BadRequest, "username"), (refused.Status, PathOf(refused)));
                Assert.Contains("is the address of another account", refused.Body, StringComparison.Ordinal);
            }

            Assert.StartsWith($"users[0].username ({address})",
                Assert.Single(await host.MustRefuseAsync($$"""{ "users": [{ "username": "{{address}}" }] }""")), StringComparison.Ordinal);
        }

        // Whose own it is may be called so.
        Assert.Equal(HttpStatusCode.Created, (await manager.AskAsync("POST", "/users", $$"""{ "username": "own-{{mark}}@example.com", "email": "Own-{{mark}}@example.com" }""")).Status);
    }

    [Theory, OnEachDatabase]
    public async Task Nobody_has_the_address_that_another_account_is_called_by(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var manager = await host.NewAdministratorAsync("""["user-manager"]""");
        var name = $"called-{mark}@example.com";
        await host.ApplyAsync($$"""{ "users": [{ "username": "{{name}}" }, { "username": "plain-{{mark}}", "email": "plain-{{mark}}@example.com" }] }""");

        var refused = await manager.AskAsync("POST", "/users", $$"""{ "username": "other-{{mark}}", "email": "{{name.ToUpperInvariant()}}" }""");
        Assert.Equal((HttpStatusCode.BadRequest, "email"), (refused.Status, PathOf(refused)));
        foreach (var user in new[] { $"other-{mark}", $"plain-{mark}" })
        {
            var error = Assert.Single(await host.MustRefuseAsync($$"""{ "users": [{ "username": "{{user}}", "email": "{{name}}" }] }"""));
            Assert.StartsWith($"users[0].email ({user}): The address {name} is the user name", error, StringComparison.Ordinal);
        }

        await host.ApplyAsync($$"""{ "users": [{ "username": "{{name}}", "email": "{{name}}", "email_verified": true }] }""");
    }

    [Theory, OnEachDatabase]
    public async Task Of_a_name_and_an_address_that_are_the_same_and_made_at_once_one_is_made(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var address = $"both-{mark}@example.com";
        var drafts = Enumerable.Range(0, 6).Select(number => number % 2 == 0
            ? new NewUser { UserName = address }
            : new NewUser { UserName = $"both-{mark}-{number}", Email = address, EmailVerified = true });

        var outcomes = await Task.WhenAll(drafts.Select(async draft =>
        {
            await using var scope = host.Services.CreateAsyncScope();
            return await scope.ServiceProvider.GetRequiredService<UserAccounts>().CreateAsync(draft, CancellationToken.None);
        }));

        Assert.Single(outcomes, outcome => outcome is UserCreation.Created);
    }

    // RFC 9068 §5: an API must be able to tell a client that acts for itself from a person.
    [Theory, OnEachDatabase]
    public async Task No_client_is_called_by_the_subject_of_a_person_or_the_reverse(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var manager = await host.NewAdministratorAsync("""["client-manager"]""");
        var person = await host.NewPersonAsync();
        await using (var scope = host.Services.CreateAsyncScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
            db.Add(new PairwiseSubject { Value = "pairwise-" + mark, UserId = person.Id, Sector = "one.example" });
            await db.SaveChangesAsync();
        }

        foreach (var subject in new[] { person.Subject, "pairwise-" + mark })
        {
            var refused = await manager.AskAsync("PUT", "/clients/" + subject, """{ "grant_types": ["client_credentials"] }""");
            Assert.Equal((HttpStatusCode.BadRequest, "client_id"), (refused.Status, PathOf(refused)));
            var error = Assert.Single(await host.MustRefuseAsync($$"""{ "clients": [{ "client_id": "{{subject}}", "token_endpoint_auth_method": "none", "redirect_uris": ["https://a.example/"] }] }"""));
            Assert.StartsWith($"clients[0].client_id ({subject}): This is the sub of a person", error, StringComparison.Ordinal);
        }

        foreach (var file in new[]
        {
            """{ "users": [{ "username": "impostor", "sub": "robot" }] }""",
            $$"""{ "clients": [{ "client_id": "both-{{mark}}", "token_endpoint_auth_method": "none", "redirect_uris": ["https://a.example/"] }], "users": [{ "username": "impostor", "sub": "both-{{mark}}" }] }""",
        })
        {
            Assert.StartsWith("users[0].sub (impostor)", Assert.Single(await host.MustRefuseAsync(file)), StringComparison.Ordinal);
        }
    }

    // RFC 8259 §8.1 and §8.2.
    [Theory, OnEachDatabase]
    public async Task Half_a_character_in_a_body_is_told_by_its_place(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var administrator = await host.NewAdministratorAsync("""["administrator"]""");
        var person = await host.NewPersonAsync();

        foreach (var (method, path, body, place) in new[]
        {
            ("POST", "/users", """{ "username": "half\ud800" }""", "username"),
            ("POST", "/users", """{ "username": "a", "name": "\udfff" }""", "name"),
            ("POST", "/users", """{ "user\ud800name": "a" }""", ""),
            ("POST", "/users", "{ \"username\": \"\\ud800\", \"username\": \"b\" }", "username"),
            ("PUT", "/clients/half", """{ "redirect_uris": ["https://a.example/", "https://b.example/\ud83d"] }""", "redirect_uris[1]"),
            ("PUT", "/clients/half", """{ "jwks": { "keys": [{ "kid": "\ude00" }] } }""", "jwks.keys[0].kid"),
            ("PUT", $"/users/{person.Subject}/roles/help-desk", """{ "expires_at": "\ud800" }""", "expires_at"),
            ("POST", $"/users/{person.Subject}/disable", """{ "\ud800": null }""", ""),
        })
        {
            var refused = await administrator.AskAsync(method, path, body);
            Assert.True(refused.Status == HttpStatusCode.BadRequest && PathOf(refused) == place, $"{path} {body}: {refused}");
        }

        var bytes = await host.AskAsync(administrator.Token, "POST", "/users", change: request =>
        {
            request.Content = new ByteArrayContent([.. Encoding.UTF8.GetBytes("{ \"username\": \"a"), 0xED, 0xA0, 0x80, .. Encoding.UTF8.GetBytes("\" }")]);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        });
        Assert.Equal((HttpStatusCode.BadRequest, "username"), (bytes.Status, PathOf(bytes)));
        Assert.StartsWith("users[0].name: ", Assert.Single(await host.MustRefuseAsync("""{ "users": [{ "username": "half", "name": "\ud800" }] }""")), StringComparison.Ordinal);
    }

    private static string? PathOf(ProtocolResponse refused) =>
        refused.Json.TryGetProperty("errors", out var errors) ? Assert.Single(errors.EnumerateArray()).GetProperty("path").GetString() : null;
}
