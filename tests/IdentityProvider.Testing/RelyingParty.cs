using System.Net.Http.Headers;

namespace IdentityProvider.Testing;

/// <summary>How a client authenticates at the token endpoint (RFC 7591 §2, <c>token_endpoint_auth_method</c>).</summary>
public enum AuthenticationBy
{
    None,
    Basic,
    Post,
    PrivateKeyJwt,
}

/// <summary>A client application as an attacker or a conformance suite would write one: raw requests, raw answers.</summary>
public sealed class RelyingParty(
    ProviderNode node, string clientId, string? secret, string? redirectUri, AuthenticationBy authentication, ClientKey? key = null)
{
    public string ClientId => clientId;

    public string? Secret => secret;

    public string RedirectUri => redirectUri ?? throw new InvalidOperationException($"{clientId} has no redirect URI.");

    /// <summary>The node that answers.</summary>
    public ProviderNode Node { get; set; } = node;

    /// <summary>An authorization request with PKCE, state and nonce, as a careful client sends it.</summary>
    public AuthorizationRequest NewRequest(string scope = "openid", Action<Dictionary<string, string>>? change = null)
    {
        var verifier = Wire.RandomText();
        var parameters = new Dictionary<string, string>
        {
            ["client_id"] = clientId,
            ["response_type"] = "code",
            ["redirect_uri"] = RedirectUri,
            ["scope"] = scope,
            ["state"] = Wire.RandomText(16),
            ["nonce"] = Wire.RandomText(16),
            ["code_challenge"] = Wire.ChallengeOf(verifier),
            ["code_challenge_method"] = "S256",
        };
        change?.Invoke(parameters);
        return new AuthorizationRequest(Node.Issuer, parameters, verifier);
    }

    /// <summary>The whole code flow: a person signs in with a fresh browser, the code is exchanged.</summary>
    public async Task<ProtocolResponse> SignInAsync(string username, string password, string scope = "openid",
        Action<Dictionary<string, string>>? change = null)
    {
        using var browser = Node.NewBrowser();
        return await SignInAsync(browser, username, password, scope, change);
    }

    public Task<ProtocolResponse> SignInAsync(TestPerson person, string scope = "openid", Action<Dictionary<string, string>>? change = null) =>
        SignInAsync(person.UserName, person.Password, scope, change);

    public Task<ProtocolResponse> SignInAsync(Browser browser, TestPerson person, string scope = "openid",
        Action<Dictionary<string, string>>? change = null) =>
        SignInAsync(browser, person.UserName, person.Password, scope, change);

    public async Task<ProtocolResponse> SignInAsync(Browser browser, string username, string password, string scope = "openid",
        Action<Dictionary<string, string>>? change = null)
    {
        var request = NewRequest(scope, change);
        var page = await browser.AuthorizeAsync(request, username, password);
        return (await ExchangeAsync(request.CodeFrom(page), request)).OrFail();
    }

    public Task<ProtocolResponse> ExchangeAsync(string code, AuthorizationRequest request) => TokenAsync(new()
    {
        ["grant_type"] = "authorization_code",
        ["code"] = code,
        ["redirect_uri"] = request.Parameters.GetValueOrDefault("redirect_uri") ?? RedirectUri,
        ["code_verifier"] = request.CodeVerifier,
    });

    public Task<ProtocolResponse> RefreshAsync(string refreshToken, string? scope = null)
    {
        Dictionary<string, string> form = new() { ["grant_type"] = "refresh_token", ["refresh_token"] = refreshToken };
        if (scope is not null)
        {
            form["scope"] = scope;
        }

        return TokenAsync(form);
    }

    public Task<ProtocolResponse> ClientCredentialsAsync(string? scope = null)
    {
        Dictionary<string, string> form = new() { ["grant_type"] = "client_credentials" };
        if (scope is not null)
        {
            form["scope"] = scope;
        }

        return TokenAsync(form);
    }

    /// <summary>Any request to the token endpoint, with this client's authentication added.</summary>
    public Task<ProtocolResponse> TokenAsync(Dictionary<string, string> form) => PostAsync("connect/token", form);

    public Task<ProtocolResponse> IntrospectAsync(string token) => PostAsync("connect/introspect", new() { ["token"] = token });

    public Task<ProtocolResponse> RevokeAsync(string token, string? hint = null)
    {
        Dictionary<string, string> form = new() { ["token"] = token };
        if (hint is not null)
        {
            form["token_type_hint"] = hint;
        }

        return PostAsync("connect/revoke", form);
    }

    public Task<ProtocolResponse> UserInfoAsync(string accessToken)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "connect/userinfo");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        return SendAsync(request);
    }

    /// <summary>Any POST to a protocol endpoint, with this client's authentication added.</summary>
    public Task<ProtocolResponse> PostAsync(string path, Dictionary<string, string> form)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path);
        switch (authentication)
        {
            case AuthenticationBy.Basic:
                request.Headers.TryAddWithoutValidation("Authorization", Wire.Basic(clientId, secret ?? ""));
                break;
            case AuthenticationBy.Post:
                form.TryAdd("client_id", clientId);
                form.TryAdd("client_secret", secret ?? "");
                break;
            case AuthenticationBy.PrivateKeyJwt:
                form.TryAdd("client_id", clientId);
                form.TryAdd("client_assertion_type", ClientAssertion.Type);
                if (!form.ContainsKey("client_assertion"))
                {
                    form["client_assertion"] = NewAssertion().Sign();
                }

                break;
            default:
                form.TryAdd("client_id", clientId);
                break;
        }

        request.Content = new FormUrlEncodedContent(form);
        return SendAsync(request);
    }

    /// <summary>A client assertion of this client for the provider's issuer, not yet signed (RFC 7523).</summary>
    public ClientAssertion NewAssertion(Action<ClientAssertion>? change = null)
    {
        var assertion = ClientAssertion.New(
            clientId, Node.Issuer, key ?? throw new InvalidOperationException($"{clientId} has no key."), Node.Clock.GetUtcNow());
        change?.Invoke(assertion);
        return assertion;
    }

    /// <summary>Any request at all, nothing added.</summary>
    public async Task<ProtocolResponse> SendAsync(HttpRequestMessage request)
    {
        var mark = Wire.RandomText(16);
        request.Headers.Add(SqlCounter.RequestHeader, mark);
        using var response = await Node.Http.SendAsync(request);
        return await ProtocolResponse.ReadAsync(response, Node.Sql?.CommandsOf(mark));
    }

    /// <summary>The same client with other credentials, such as a wrong secret.</summary>
    public RelyingParty With(string? secret, AuthenticationBy? authentication = null) =>
        new(Node, clientId, secret, redirectUri, authentication ?? Authentication, key);

    /// <summary>The same client with another key.</summary>
    public RelyingParty With(ClientKey other) => new(Node, clientId, secret, redirectUri, AuthenticationBy.PrivateKeyJwt, other);

    public AuthenticationBy Authentication => authentication;
}
