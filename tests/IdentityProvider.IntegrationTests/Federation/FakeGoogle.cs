using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using IdentityProvider.Federation;
using IdentityProvider.Testing;
using Microsoft.AspNetCore.Authentication.Google;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.IntegrationTests.Federation;

/// <summary>
/// What Google answers behind the browser's back: a token for a code, a person for a token.
/// Its pages are played by the test, which decides what Google says about whom.
/// </summary>
internal sealed class FakeGoogle : HttpMessageHandler
{
    private const string ClientId = "our-client-at-google";

    private readonly ConcurrentDictionary<string, object> people = new();

    /// <summary>Answers to every request instead, where set.</summary>
    public HttpStatusCode? Outage { get; set; }

    /// <summary>The last token request, decoded.</summary>
    public IReadOnlyDictionary<string, string> TokenRequest { get; private set; } = new Dictionary<string, string>();

    public ProviderSettings Settings(TestDatabase database) => new()
    {
        Database = database,
        Configuration = new Dictionary<string, string?>
        {
            [GoogleSignInOptions.Section + ":ClientId"] = ClientId,
            [GoogleSignInOptions.Section + ":ClientSecret"] = "our-secret-at-google",
        },
        Services = services => services.AddOptions<GoogleOptions>(ExternalProviders.Google)
            .Configure(google => google.BackchannelHttpHandler = this),
    };

    /// <summary>Presses the button, and plays Google up to the redirect back, which it returns.</summary>
    /// <param name="person">What userinfo says.</param>
    public async Task<string> VisitAsync(Browser browser, Page login, object person)
    {
        var (callback, state) = Asked(await browser.PressAsync(login, "external-google"));
        var code = Wire.RandomText();
        people[code] = person;
        return $"{callback}?{Wire.QueryOf(new Dictionary<string, string> { ["state"] = state, ["code"] = code })}";
    }

    /// <summary>As <see cref="VisitAsync"/>, but Google answers with an error.</summary>
    public static async Task<string> VisitAsync(Browser browser, Page login, string error)
    {
        var (callback, state) = Asked(await browser.PressAsync(login, "external-google"));
        return $"{callback}?{Wire.QueryOf(new Dictionary<string, string> { ["state"] = state, ["error"] = error })}";
    }

    /// <summary>Signs in with Google from the login page to wherever it ends.</summary>
    public async Task<Page> SignInAsync(Browser browser, Page login, object person) =>
        await browser.OpenAsync(await VisitAsync(browser, login, person), new Uri("https://accounts.google.com/"));

    public async Task<Page> SignInAsync(Browser browser, object person) => await SignInAsync(browser, await browser.OpenAsync("/login"), person);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (Outage is { } outage)
        {
            return new HttpResponseMessage(outage) { Content = new StringContent("") };
        }

        if (request.Method == HttpMethod.Post)
        {
            TokenRequest = Wire.ParseQuery(await request.Content!.ReadAsStringAsync(cancellationToken));
            return new HttpResponseMessage { Content = JsonContent.Create(new { access_token = TokenRequest["code"], token_type = "Bearer" }) };
        }

        var person = people[request.Headers.Authorization!.Parameter!];
        return new HttpResponseMessage { Content = JsonContent.Create(person) };
    }

    private static (string Callback, string State) Asked(Page redirect)
    {
        var query = redirect.LocationQuery;
        Assert.Equal("accounts.google.com", redirect.Location!.Host);
        Assert.Equal(ClientId, query["client_id"]);
        Assert.Equal("S256", query["code_challenge_method"]);
        return (query["redirect_uri"], query["state"]);
    }
}
