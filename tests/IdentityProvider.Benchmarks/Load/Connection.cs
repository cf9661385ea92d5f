using System.Net;
using System.Net.Http.Headers;
using IdentityProvider.Benchmarks.Servers;

namespace IdentityProvider.Benchmarks.Load;

/// <summary>One keep-alive connection, and the browser of one person behind it.</summary>
internal sealed class Connection : IDisposable
{
    private readonly HttpMessageInvoker http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        MaxConnectionsPerServer = 1,
        PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
    });

    private Dictionary<string, string> cookies = [];

    /// <param name="person">Who is behind it; null for the person of this number.</param>
    public Connection(Target target, int number, Person? person = null)
    {
        Target = target;
        Number = number;
        Person = person ?? Cast.Person(number % Cast.People);
    }

    public Target Target { get; }

    public int Number { get; }

    public Person Person { get; }

    /// <summary>The tokens that the person's application holds.</summary>
    public Tokens? Tokens { get; set; }

    public int CookieCount => cookies.Count;

    /// <summary>What the browser keeps; another browser of the same person is another set.</summary>
    public Dictionary<string, string> Cookies
    {
        get => cookies;
        set => cookies = value;
    }

    /// <summary>The browser forgets everything.</summary>
    public void ClearCookies() => cookies = [];

    public Task<Answer> GetAsync(string address) => SendAsync(new HttpRequestMessage(HttpMethod.Get, Absolute(address)), withCookies: false);

    public Task<Answer> GetWithTokenAsync(string address, string token)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, Absolute(address));
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        return SendAsync(request, withCookies: false);
    }

    public Task<Answer> PostAsync(string address, string authorization, params KeyValuePair<string, string>[] form)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Absolute(address)) { Content = new FormUrlEncodedContent(form) };
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        return SendAsync(request, withCookies: false);
    }

    public Task<Answer> PostJsonAsync(string address, string authorization, byte[] body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Absolute(address)) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        return SendAsync(request, withCookies: false);
    }

    /// <summary>Opens a page with the browser. Follows no redirect.</summary>
    public Task<Answer> BrowseAsync(string address) => SendAsync(new HttpRequestMessage(HttpMethod.Get, Absolute(address)), withCookies: true);

    /// <summary>Posts a form from a page of the same origin.</summary>
    public Task<Answer> SubmitAsync(string address, IEnumerable<KeyValuePair<string, string>> form)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Absolute(address)) { Content = new FormUrlEncodedContent(form) };
        request.Headers.TryAddWithoutValidation("Origin", Target.Process.Address.GetLeftPart(UriPartial.Authority));
        return SendAsync(request, withCookies: true);
    }

    public void Dispose() => http.Dispose();

    private Uri Absolute(string address) => address.StartsWith('/') ? new Uri(Target.Process.Address, address) : new Uri(address);

    private async Task<Answer> SendAsync(HttpRequestMessage request, bool withCookies)
    {
        using var message = request;
        if (withCookies)
        {
            request.Headers.TryAddWithoutValidation("Accept", "text/html,application/xhtml+xml,*/*;q=0.8");
            if (cookies.Count > 0)
            {
                request.Headers.TryAddWithoutValidation("Cookie", string.Join("; ", cookies.Select(cookie => cookie.Key + "=" + cookie.Value)));
            }
        }

        try
        {
            using var response = await http.SendAsync(request, CancellationToken.None);
            if (withCookies)
            {
                Keep(response);
            }

            return new Answer(
                $"{request.Method} {request.RequestUri!.AbsolutePath} of {Target.Name}", response.StatusCode, response.Headers.Location,
                await response.Content.ReadAsByteArrayAsync());
        }
        catch (HttpRequestException broken)
        {
            throw new BenchmarkException($"{request.Method} {request.RequestUri} of {Target.Name}: {broken.Message}\n{Target.Process.Output}");
        }
    }

    // Enough of RFC 6265 for one server: a name, a value, and an empty value or a date in the past to forget it.
    private void Keep(HttpResponseMessage response)
    {
        if (!response.Headers.TryGetValues("Set-Cookie", out var values))
        {
            return;
        }

        foreach (var value in values)
        {
            var pair = value.Split(';', 2)[0].Split('=', 2);
            if (pair.Length < 2 || pair[1].Length == 0 || value.Contains("expires=Thu, 01 Jan 1970", StringComparison.OrdinalIgnoreCase))
            {
                cookies.Remove(pair[0]);
            }
            else
            {
                cookies[pair[0]] = pair[1];
            }
        }
    }
}

/// <summary>What a code was exchanged for.</summary>
internal sealed record Tokens(string AccessToken, string IdentityToken, string RefreshToken);
