using System.Net;
using System.Text;
using IdentityProvider.IntegrationTests.Declarations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace IdentityProvider.IntegrationTests.Clients;

/// <summary>OpenID Connect Dynamic Client Registration §5: a client joins only a sector that lists its redirect URIs. Checklist rows RG15, RG16.</summary>
public sealed class SectorDocumentTests
{
    private const string One = "https://one.example/cb";
    private const string Two = "https://two.example/cb";
    private const string Secret = "sector-secret-00000000000000000000000000000";

    [Theory, OnEachDatabase] // RG15
    public async Task A_client_in_a_sector_that_lists_it_is_registered_and_the_sector_is_one(TestDatabase database)
    {
        await using var sector = await Sector.StartAsync();
        await using var host = await StartAsync(database);
        sector.Answer = $"""["{One}", "{Two}", "https://three.example/cb"]""";

        await host.MustDeclareAsync(Declaration("both", sector.Address, One, Two));
        await host.MustDeclareAsync(Declaration("second", sector.Address, Two));
        var asked = sector.Requests;
        await host.MustDeclareAsync(Declaration("second", sector.Address, Two));
        var both = await new RelyingParty(host, "both", Secret, One, AuthenticationBy.Basic).SignInAsync(StandardDeclaration.Alice, StandardDeclaration.AlicePassword);
        var second = await new RelyingParty(host, "second", Secret, Two, AuthenticationBy.Basic).SignInAsync(StandardDeclaration.Alice, StandardDeclaration.AlicePassword);

        Assert.Equal(Wire.ClaimsOf(both.IdToken).GetProperty("sub").GetString(), Wire.ClaimsOf(second.IdToken).GetProperty("sub").GetString());
        // Every start applies the file: what did not change must not depend on somebody else's server.
        Assert.Equal(asked, sector.Requests);
    }

    [Theory, OnEachDatabase] // RG16
    public async Task A_redirect_URI_the_sector_does_not_list_is_refused_now_and_later(TestDatabase database)
    {
        await using var sector = await Sector.StartAsync();
        await using var host = await StartAsync(database);
        sector.Answer = $"""["{One}"]""";

        var refused = await host.MustRefuseAsync(Declaration("both", sector.Address, One, Two));
        await host.MustDeclareAsync(Declaration("both", sector.Address, One));
        var later = await host.MustRefuseAsync(Declaration("both", sector.Address, One, Two));

        Assert.Contains($"sector_identifier_uri (both): The document at {sector.Address} does not list the redirect URI {Two}.", Assert.Single(refused), StringComparison.Ordinal);
        Assert.Contains(Two, Assert.Single(later), StringComparison.Ordinal);
    }

    // RG16
    [Theory]
    [InlineData(404, "[]", "404")]
    [InlineData(302, "[]", "302")]
    [InlineData(200, "no JSON", "no JSON array")]
    [InlineData(200, """{"redirect_uris":[]}""", "no JSON array")]
    [InlineData(200, "null", "empty")]
    [InlineData(200, "too long", "")]
    public async Task A_document_that_cannot_be_used_is_refused_in_words(int status, string answer, string because)
    {
        await using var sector = await Sector.StartAsync();
        await using var host = await StartAsync(TestDatabase.Sqlite);
        (sector.Status, sector.Answer) = (status, answer == "too long" ? $"""["{One}","{new string('x', 70_000)}"]""" : answer);

        var refused = Assert.Single(await host.MustRefuseAsync(Declaration("both", sector.Address, One)));

        Assert.Contains("sector_identifier_uri (both): The document at", refused, StringComparison.Ordinal);
        Assert.Contains(because, refused, StringComparison.Ordinal);
    }

    [Fact] // RG16
    public async Task A_private_address_is_not_asked_unless_it_was_named()
    {
        await using var sector = await Sector.StartAsync();
        await using var host = await ProviderHost.StartAsync();

        var refused = Assert.Single(await host.MustRefuseAsync(Declaration("both", sector.Address, One)));

        Assert.Contains("AllowedPrivateHosts", refused, StringComparison.Ordinal);
        Assert.Equal(0, sector.Requests);
    }

    private static Task<ProviderHost> StartAsync(TestDatabase database) => ProviderHost.StartAsync(new ProviderSettings
    {
        Database = database,
        Configuration = new Dictionary<string, string?> { ["IdentityProvider:OutgoingRequests:AllowedPrivateHosts:0"] = "127.0.0.1" },
    });

    private static string Declaration(string clientId, string sector, params string[] redirectUris) =>
        $$"""
        { "clients": [{ "client_id": "{{clientId}}", "client_secret": "{{Secret}}", "subject_type": "pairwise", "sector_identifier_uri": "{{sector}}",
          "redirect_uris": [{{string.Join(", ", redirectUris.Select(uri => $"\"{uri}\""))}}] }] }
        """;

    /// <summary>A server that publishes one document.</summary>
    private sealed class Sector : IAsyncDisposable
    {
        private readonly WebApplication app;
        private int requests;

        private Sector(WebApplication app) => this.app = app;

        public string Address => app.Urls.Single() + "/sector.json";

        public int Status { get; set; } = 200;

        public string Answer { get; set; } = "[]";

        public int Requests => requests;

        public static async Task<Sector> StartAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
            var app = builder.Build();
            var sector = new Sector(app);
            app.Run(async context =>
            {
                Interlocked.Increment(ref sector.requests);
                context.Response.StatusCode = sector.Status;
                context.Response.Headers.Location = "/elsewhere";
                await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(sector.Answer));
            });
            await app.StartAsync();
            return sector;
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();
    }
}
