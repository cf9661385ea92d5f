using System.Buffers.Text;
using System.Net;
using System.Text;
using static IdentityProvider.Testing.StandardDeclaration;

namespace IdentityProvider.IntegrationTests.Authorize;

/// <summary>Request objects (OpenID Connect Core §6) are refused by name, never ignored. Checklist rows RO1, RO2, RO3 and RO8.</summary>
public sealed class RequestObjectTests(SharedProviders providers)
{
    [Theory] // RO1, RO2; RO8: both
    [OnEachDatabase(true, false, "request_not_supported")]
    [OnEachDatabase(false, true, "request_uri_not_supported")]
    [OnEachDatabase(true, true, "request_not_supported request_uri_not_supported invalid_request")]
    public async Task A_known_client_is_told_at_its_own_address(TestDatabase database, bool byValue, bool byReference, string errors)
    {
        var host = await providers.OnAsync(database);
        using var browser = host.NewBrowser();
        var request = host.RelyingParty(Shop).NewRequest(change: parameters =>
        {
            if (byValue)
            {
                parameters["request"] = Unsigned("""{"state":"inner","nonce":"inner"}""");
            }

            if (byReference)
            {
                parameters["request_uri"] = "https://app.example/request.jwt";
            }
        });

        Assert.Contains(request.ErrorFrom(await browser.OpenAsync(request.Url)), errors.Split(' '));
        Assert.Contains(request.ErrorFrom(await browser.FollowAsync(await browser.PostAsync("/connect/authorize", request.Parameters))), errors.Split(' '));
    }

    [Theory] // RO3: what stands inside counts for nothing
    [OnEachDatabase("https://evil.example/callback")]
    [OnEachDatabase("")]
    public async Task A_bad_redirect_URI_is_not_mended_by_one_inside(TestDatabase database, string outer)
    {
        var host = await providers.OnAsync(database);
        using var browser = host.NewBrowser();
        var request = host.RelyingParty(Shop).NewRequest(change: parameters =>
        {
            parameters["redirect_uri"] = outer;
            parameters["request"] = Unsigned($$"""{"redirect_uri":"{{RedirectUri}}"}""");
        });

        var page = await browser.OpenAsync(request.Url);

        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Null(page.Location);
    }

    private static string Unsigned(string claims) =>
        $"{Base64Url.EncodeToString("""{"alg":"none"}"""u8)}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}.";
}
