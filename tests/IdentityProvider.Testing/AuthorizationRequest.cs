namespace IdentityProvider.Testing;

/// <summary>An authorization request and what the client keeps to itself until the code comes back.</summary>
public sealed record AuthorizationRequest(string Issuer, IReadOnlyDictionary<string, string> Parameters, string CodeVerifier)
{
    public string Url => $"{Issuer}/connect/authorize?{Wire.QueryOf(Parameters)}";

    public string? State => Parameters.GetValueOrDefault("state");

    public string? Nonce => Parameters.GetValueOrDefault("nonce");

    public string RedirectUri => Parameters["redirect_uri"];

    /// <summary>The parameters that came back to the client by redirect, after checking that they are for this request.</summary>
    public IReadOnlyDictionary<string, string> AnswerFrom(Page page)
    {
        Assert.True(page.Location is not null && page.Location.AbsoluteUri.StartsWith(RedirectUri, StringComparison.Ordinal),
            $"Expected a redirect to {RedirectUri}, got {page}");
        var answer = page.Location.Fragment.Length > 1 ? page.LocationFragment : page.LocationQuery;
        Assert.Equal(State, answer.GetValueOrDefault("state"));
        Assert.Equal(Issuer, answer.GetValueOrDefault("iss"));
        return answer;
    }

    public string CodeFrom(Page page) => AnswerFrom(page).TryGetValue("code", out var code)
        ? code
        : throw new InvalidOperationException($"Expected a code, got {page.Location}");

    public string ErrorFrom(Page page) => AnswerFrom(page).TryGetValue("error", out var error)
        ? error
        : throw new InvalidOperationException($"Expected an error, got {page.Location}");
}
