using System.Net;

namespace IdentityProvider.IntegrationTests.Administration;

/// <summary>Clients, registered and changed over HTTP.</summary>
public sealed class ClientAdministrationTests(AdministeredProviders providers) : IClassFixture<AdministeredProviders>
{
    private const string Members = """{ "client_name": "Made", "redirect_uris": ["https://made.example/callback"], "scope": "openid" }""";

    [Theory, OnEachDatabase]
    public async Task A_client_is_made_with_a_secret_changed_by_its_version_and_removed(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var manager = await host.NewAdministratorAsync("""["client-manager"]""");
        var id = "made-" + Wire.RandomText(6);
        var person = await host.NewPersonAsync("[]");

        var made = await manager.AskAsync("PUT", $"/clients/{id}", Members);
        Assert.Equal(HttpStatusCode.Created, made.Status);
        var party = new RelyingParty(host, id, made["client_secret"], "https://made.example/callback", AuthenticationBy.Basic);
        await SignInAsync(host, party, person);

        var known = made.Headers["ETag"];
        var changed = await host.AskAsync(manager.Token, "PUT", $"/clients/{id}", """{ "client_name": "Changed", "redirect_uris": ["https://made.example/callback"] }""",
            request => request.Headers.TryAddWithoutValidation("If-Match", known));
        var stale = await host.AskAsync(manager.Token, "PUT", $"/clients/{id}", Members, request => request.Headers.TryAddWithoutValidation("If-Match", known));
        var taken = await host.AskAsync(manager.Token, "PUT", $"/clients/{id}", Members, request => request.Headers.TryAddWithoutValidation("If-None-Match", "*"));
        Assert.Equal(("Changed", null), (changed.OrFail()["client_name"], changed.Find("client_secret")));
        Assert.Equal((HttpStatusCode.PreconditionFailed, HttpStatusCode.PreconditionFailed), (stale.Status, taken.Status));

        var secret = (await manager.AskAsync("POST", $"/clients/{id}/secret")).OrFail()["client_secret"];
        Assert.Equal("invalid_client", (await party.RevokeAsync("rubbish")).Error);
        Assert.Equal(HttpStatusCode.OK, (await party.With(secret).RevokeAsync("rubbish")).Status);
        Assert.DoesNotContain(secret, (await manager.AskAsync("GET", $"/clients/{id}")).OrFail().Body, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.NoContent, (await manager.AskAsync("DELETE", $"/clients/{id}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await manager.AskAsync("GET", $"/clients/{id}")).Status);
    }

    [Theory, OnEachDatabase]
    public async Task What_is_wrong_is_told_by_its_place_and_nothing_is_written(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var manager = await host.NewAdministratorAsync("""["client-manager"]""");

        var wrong = await manager.AskAsync("PUT", "/clients/wrong", """{ "redirect_uri": "https://a.example", "first_party": "yes" }""");
        var scheme = await manager.AskAsync("PUT", "/clients/wrong", """{ "redirect_uris": ["javascript:alert(1)"] }""");
        var twice = await manager.AskAsync("PUT", "/clients/wrong", """{ "scope": "openid", "scope": "openid administration" }""");
        var form = await host.AskAsync(manager.Token, "PUT", "/clients/wrong", "{}", request => request.Content!.Headers.ContentType = new("text/plain"));

        Assert.All([wrong, scheme, twice], answer => Assert.Equal(HttpStatusCode.BadRequest, answer.Status));
        Assert.Equal(["redirect_uri", "first_party"], wrong.Json.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("path").GetString()));
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, form.Status);
        Assert.Equal(HttpStatusCode.NotFound, (await manager.AskAsync("GET", "/clients/wrong")).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await manager.AskAsync("POST", "/clients/spa/secret")).Status);
    }

    [Theory, OnEachDatabase]
    public async Task Lists_come_in_pieces(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var manager = await host.NewAdministratorAsync("""["client-manager"]""");
        var seen = new List<string?>();
        string? next = null;
        do
        {
            var page = (await manager.AskAsync("GET", "/clients?limit=3" + (next is null ? "" : "&after=" + Uri.EscapeDataString(next)))).OrFail();
            seen.AddRange(page.Json.GetProperty("clients").EnumerateArray().Select(client => client.GetProperty("client_id").GetString()));
            next = page.Find("next");
        }
        while (next is not null);

        Assert.Contains("console", seen);
        Assert.Contains("shop", seen);
        Assert.Equal(seen.Distinct(), seen);
    }

    private static async Task SignInAsync(ProviderHost host, RelyingParty party, TestPerson person)
    {
        using var browser = host.NewBrowser();
        Assert.NotEmpty((await party.SignInAsync(browser, person)).OrFail().IdToken);
    }
}
