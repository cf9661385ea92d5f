using Microsoft.AspNetCore.Authentication;

namespace IdentityProvider.Sandbox.WebApp.Posts;

/// <summary>Something to send to the API that is no good access token.</summary>
/// <param name="Name">What a button sends.</param>
/// <param name="Label">What a button says.</param>
/// <param name="Sent">What was sent, in words.</param>
/// <param name="TokenAsync">Makes it of the person's access token.</param>
internal sealed record TokenTrial(string Name, string Label, string Sent, Func<HttpContext, string, Task<string?>> TokenAsync)
{
    public static IReadOnlyList<TokenTrial> All { get; } =
    [
        new("none", "Send no token", "no token", (_, _) => Task.FromResult<string?>(null)),
        new("changed", "Change one letter", "your access token with one letter changed", (_, token) => Task.FromResult<string?>(ChangeSignature(token))),
        new("id-token", "Send the id_token", "your id_token, which is for this app and not for an API", (http, _) => http.GetTokenAsync("id_token")),
    ];

    public static TokenTrial? Find(string? name) => All.FirstOrDefault(trial => trial.Name == name);

    private static string ChangeSignature(string token)
    {
        var signature = token.LastIndexOf('.') + 1;
        return string.Concat(token[..signature], token[signature] == 'A' ? "B" : "A", token[(signature + 1)..]);
    }
}
