using System.Net;

namespace IdentityProvider.Testing;

/// <summary>
/// A browser without scripts for applications that talk to each other over real sockets: all of them on <c>localhost</c>,
/// told apart by their ports, with one cookie jar between them as browsers have it.
/// </summary>
public sealed class LoopbackBrowser : IDisposable
{
    private readonly HttpMessageInvoker connection = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        AutomaticDecompression = DecompressionMethods.All,
    });

    public CookieJar Cookies { get; } = new(TimeProvider.System);

    /// <summary>Opens an address and follows every redirect, from application to application.</summary>
    public async Task<Page> OpenAsync(string url) => await FollowAsync(await GetAsync(url));

    /// <summary>Opens an address. Follows no redirect.</summary>
    public Task<Page> GetAsync(string url) => SendAsync(new HttpRequestMessage(HttpMethod.Get, url));

    /// <summary>Clicks the link with this id.</summary>
    public Task<Page> ClickAsync(Page page, string link) => OpenAsync(new Uri(page.Url, page.Element(link).GetAttribute("href")).AbsoluteUri);

    /// <summary>Fills the form around a button, presses it, and follows every redirect.</summary>
    public async Task<Page> PressAsync(Page page, string button, IReadOnlyDictionary<string, string>? values = null) =>
        await FollowAsync(await PressOnlyAsync(page, button, values));

    /// <summary>Fills the form around a button and presses it. Follows no redirect.</summary>
    public Task<Page> PressOnlyAsync(Page page, string button, IReadOnlyDictionary<string, string>? values = null)
    {
        var (method, action, fields) = page.Press(button, values ?? new Dictionary<string, string>());
        var request = method == HttpMethod.Post
            ? new HttpRequestMessage(method, action) { Content = new FormUrlEncodedContent(fields) }
            : new HttpRequestMessage(method, new UriBuilder(action) { Query = Wire.QueryOf(fields) }.Uri);
        request.Headers.Add("Origin", page.Url.GetLeftPart(UriPartial.Authority));
        return SendAsync(request);
    }

    public async Task<Page> SendAsync(HttpRequestMessage request)
    {
        var url = request.RequestUri!;
        // One host on several ports is one site: nothing between the applications is cross-site.
        if (Cookies.HeaderFor(url, request.Method, crossSite: false) is { } cookies)
        {
            request.Headers.Add("Cookie", cookies);
        }

        using var response = await connection.SendAsync(request, CancellationToken.None);
        Cookies.Store(url, response);
        var headers = response.Headers.Concat(response.Content.Headers)
            .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        return new Page(url, response.StatusCode, headers, await response.Content.ReadAsStringAsync());
    }

    public void Dispose() => connection.Dispose();

    private async Task<Page> FollowAsync(Page page)
    {
        for (var hops = 0; page.Location is { } location; hops++)
        {
            Assert.True(hops < 15, $"Redirected in circles, last to {location}");
            page = await GetAsync(location.AbsoluteUri);
        }

        return page;
    }
}
