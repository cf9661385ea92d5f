using Duende.IdentityModel.Client;
using Duende.IdentityModel.OidcClient;
using Duende.IdentityModel.OidcClient.Browser;
using IdentityProvider.Testing;
using Xunit;
using Browser = IdentityProvider.Testing.Browser;

namespace IdentityProvider.IntegrationTests.Interop;

/// <summary>A client library we did not write finds its way by discovery alone, and accepts what it gets.</summary>
public class DuendeClientTests(SharedProviders providers)
{
    [Theory, OnEachDatabase]
    public async Task Discovery_satisfies_a_strict_reader(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);

        var discovery = await DiscoverAsync(provider);

        Assert.Equal(provider.Issuer, discovery.Issuer);
        Assert.NotEmpty(discovery.KeySet!.Keys);
    }

    [Theory, OnEachDatabase]
    public async Task A_machine_gets_a_token_and_its_api_asks_about_it_and_it_is_revoked(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);
        var discovery = await DiscoverAsync(provider);
        var (machine, api) = (provider.RelyingParty(StandardDeclaration.Machine), provider.RelyingParty(StandardDeclaration.Api));

        var token = await provider.Http.RequestClientCredentialsTokenAsync(new ClientCredentialsTokenRequest
        {
            Address = discovery.TokenEndpoint,
            ClientId = machine.ClientId,
            ClientSecret = machine.Secret,
            ClientCredentialStyle = ClientCredentialStyle.AuthorizationHeader,
            Scope = "orders",
        });
        Assert.False(token.IsError, token.Error);

        Assert.True((await IntrospectAsync()).IsActive);
        var revoked = await provider.Http.RevokeTokenAsync(new TokenRevocationRequest
        {
            Address = discovery.RevocationEndpoint,
            ClientId = machine.ClientId,
            ClientSecret = machine.Secret,
            ClientCredentialStyle = ClientCredentialStyle.AuthorizationHeader,
            Token = token.AccessToken!,
        });
        Assert.False(revoked.IsError, revoked.Error);
        Assert.False((await IntrospectAsync()).IsActive);

        Task<TokenIntrospectionResponse> IntrospectAsync() => provider.Http.IntrospectTokenAsync(new TokenIntrospectionRequest
        {
            Address = discovery.IntrospectionEndpoint,
            ClientId = api.ClientId,
            ClientSecret = api.Secret,
            ClientCredentialStyle = ClientCredentialStyle.AuthorizationHeader,
            Token = token.AccessToken!,
        });
    }

    [Theory, OnEachDatabase]
    public async Task A_native_app_signs_a_person_in_refreshes_reads_userinfo_and_signs_out(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);
        var person = await provider.NewPersonAsync();
        using var browser = provider.NewBrowser();
        var client = new OidcClient(new OidcClientOptions
        {
            Authority = provider.Issuer,
            ClientId = StandardDeclaration.Native,
            RedirectUri = "http://127.0.0.1:49152/callback",
            PostLogoutRedirectUri = "http://127.0.0.1:49152/callback",
            Scope = "openid profile offline_access",
            Browser = new TestBrowser(browser, person),
            BackchannelHandler = provider.Handler,
            DisablePushedAuthorization = true,
            Policy = new Policy { Discovery = new DiscoveryPolicy { RequireHttps = false } },
        });

        var signedIn = await client.LoginAsync(new LoginRequest());
        Assert.False(signedIn.IsError, $"{signedIn.Error}: {signedIn.ErrorDescription}");
        Assert.Equal(person.Subject, signedIn.User.FindFirst("sub")?.Value);
        Assert.Equal("Pat Person", signedIn.User.FindFirst("name")?.Value);

        var refreshed = await client.RefreshTokenAsync(signedIn.RefreshToken);
        Assert.False(refreshed.IsError, refreshed.Error);

        var userInfo = await client.GetUserInfoAsync(refreshed.AccessToken);
        Assert.False(userInfo.IsError, userInfo.Error);
    }

    private static async Task<DiscoveryDocumentResponse> DiscoverAsync(ProviderHost provider)
    {
        var discovery = await provider.Http.GetDiscoveryDocumentAsync(new DiscoveryDocumentRequest
        {
            Address = provider.Issuer,
            Policy = { RequireHttps = false, ValidateIssuerName = true, ValidateEndpoints = true },
        });
        Assert.False(discovery.IsError, discovery.Error);
        return discovery;
    }

    /// <summary>What the library calls a browser, played by ours.</summary>
    private sealed class TestBrowser(Browser browser, TestPerson person) : IBrowser
    {
        public async Task<BrowserResult> InvokeAsync(BrowserOptions options, CancellationToken cancellationToken = default)
        {
            var page = await browser.OpenAsync(options.StartUrl);
            if (page.Has("login-submit"))
            {
                page = await browser.SignInAsync(page, person.UserName, person.Password);
            }

            if (page.Has("consent-allow"))
            {
                page = await browser.PressAndFollowAsync(page, "consent-allow");
            }

            return new BrowserResult { ResultType = BrowserResultType.Success, Response = page.Location!.AbsoluteUri };
        }
    }
}
