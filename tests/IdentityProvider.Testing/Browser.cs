using System.Net;

namespace IdentityProvider.Testing;

/// <summary>
/// A browser without scripts: cookies, forms, and redirects that are followed only when the test says so.
/// </summary>
public sealed class Browser(ProviderNode node) : IDisposable
{
    private readonly Dictionary<ProviderNode, HttpMessageInvoker> connections = [];

    public CookieJar Cookies { get; } = new(node.Clock);

    /// <summary>The node that answers. Setting another one is what a load balancer does between two requests.</summary>
    public ProviderNode Node { get; set; } = node;

    /// <summary>What it says it is; null to say nothing.</summary>
    public string? UserAgent { get; set; }

    /// <summary>Opens an address as if typed or clicked. Follows no redirect.</summary>
    /// <param name="url">Absolute, or a path on the issuer.</param>
    /// <param name="from">The page with the link; null when typed. A page of another site sends no Strict cookies.</param>
    public Task<Page> GetAsync(string url, Uri? from = null) => SendAsync(new HttpRequestMessage(HttpMethod.Get, Absolute(url)), from);

    /// <summary>Posts a form that stands on another page, such as an application's. Follows no redirect.</summary>
    public Task<Page> PostAsync(string url, IEnumerable<KeyValuePair<string, string>> fields, Uri? from = null) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, Absolute(url)) { Content = new FormUrlEncodedContent(fields) }, from);

    /// <summary>Fills the form around a button and presses it. Follows no redirect.</summary>
    public Task<Page> PressAsync(Page page, string button, IReadOnlyDictionary<string, string>? values = null)
    {
        var (method, action, fields) = page.Press(button, values ?? new Dictionary<string, string>());
        return method == HttpMethod.Post
            ? PostAsync(action.AbsoluteUri, fields, page.Url)
            : GetAsync(new UriBuilder(action) { Query = Wire.QueryOf(fields) }.Uri.AbsoluteUri, page.Url);
    }

    /// <summary>Follows redirects while they stay on the issuer's host; the page returned is an answer or a redirect that leaves.</summary>
    public async Task<Page> FollowAsync(Page page)
    {
        for (var hops = 0; page.Location is { } location && Leads(location); hops++)
        {
            Assert.True(hops < 10, $"Redirected in circles, last to {location}");
            // 307 and 308 would repeat a POST; the server never uses them after a form.
            Assert.True(page.Status is HttpStatusCode.Found or HttpStatusCode.SeeOther, $"Redirected by {page.Status} to {location}");
            page = await GetAsync(location.AbsoluteUri, page.Url);
        }

        return page;
    }

    public async Task<Page> OpenAsync(string url, Uri? from = null) => await FollowAsync(await GetAsync(url, from));

    public async Task<Page> PressAndFollowAsync(Page page, string button, IReadOnlyDictionary<string, string>? values = null) =>
        await FollowAsync(await PressAsync(page, button, values));

    /// <summary>Fills the login page and goes on to whatever comes next.</summary>
    public Task<Page> SignInAsync(Page loginPage, string username, string password) =>
        PressAndFollowAsync(loginPage, "login-submit", new Dictionary<string, string> { ["username"] = username, ["password"] = password });

    /// <summary>Signs in at <c>/login</c>, without any client.</summary>
    public async Task<Page> SignInAsync(string username, string password) => await SignInAsync(await OpenAsync("/login"), username, password);

    /// <summary>Walks a person through login and consent, whichever are asked, up to the redirect back to the client.</summary>
    public async Task<Page> AuthorizeAsync(AuthorizationRequest request, string username, string password)
    {
        var page = await OpenAsync(request.Url, new Uri("https://app.example/"));
        if (page.Has("login-submit"))
        {
            page = await SignInAsync(page, username, password);
        }

        return page.Has("consent-allow") ? await PressAndFollowAsync(page, "consent-allow") : page;
    }

    public Task<Page> AuthorizeAsync(AuthorizationRequest request, TestPerson person) =>
        AuthorizeAsync(request, person.UserName, person.Password);

    public async Task<Page> SendAsync(HttpRequestMessage request, Uri? from = null)
    {
        var url = request.RequestUri!;
        var crossSite = from is not null && (from.Host != url.Host || from.Scheme != url.Scheme);
        if (Cookies.HeaderFor(url, request.Method, crossSite) is { } cookies)
        {
            request.Headers.Add("Cookie", cookies);
        }

        if (request.Method == HttpMethod.Post && from is not null)
        {
            request.Headers.Add("Origin", from.GetLeftPart(UriPartial.Authority));
        }

        if (UserAgent is not null)
        {
            request.Headers.TryAddWithoutValidation("User-Agent", UserAgent);
        }

        request.Headers.Accept.ParseAdd("text/html,application/xhtml+xml,*/*;q=0.8");
        using var response = await Connection().SendAsync(request, CancellationToken.None);
        Cookies.Store(url, response);
        var headers = response.Headers.Concat(response.Content.Headers)
            .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        return new Page(url, response.StatusCode, headers, await response.Content.ReadAsStringAsync());
    }

    public void Dispose()
    {
        foreach (var connection in connections.Values)
        {
            connection.Dispose();
        }
    }

    private bool Leads(Uri location) => location.GetLeftPart(UriPartial.Authority) == new Uri(Node.Issuer).GetLeftPart(UriPartial.Authority);

    private Uri Absolute(string url) => url.StartsWith('/') ? new Uri(Node.Issuer.TrimEnd('/') + url) : new Uri(url);

    private HttpMessageInvoker Connection()
    {
        if (!connections.TryGetValue(Node, out var connection))
        {
            connection = connections[Node] = new HttpMessageInvoker(Node.Handler, disposeHandler: false);
        }

        return connection;
    }
}
