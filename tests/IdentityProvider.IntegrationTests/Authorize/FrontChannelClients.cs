using System.Runtime.CompilerServices;

namespace IdentityProvider.IntegrationTests.Authorize;

/// <summary>Clients that registered more than the code flow.</summary>
internal static class FrontChannelClients
{
    public const string Scope = "openid profile email address phone offline_access orders reports";

    private const string RedirectUri = "https://front.example/callback";
    private const string Secret = "front-secret-0000000000000000000000000000000";
    private const string AllTypes = """["code", "id_token", "id_token token", "code id_token", "code token", "code id_token token"]""";

    public static readonly string[] Algorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    private static readonly ConditionalWeakTable<ProviderHost, Lazy<Task>> declared = [];

    /// <summary>Confidential, with every response type; asks for consent.</summary>
    public static Task<RelyingParty> HybridAsync(ProviderHost host) => OnAsync(host, "hybrid", Secret, AuthenticationBy.Basic);

    /// <summary>A browser app without a code: only <c>id_token</c> and <c>id_token token</c>.</summary>
    public static Task<RelyingParty> ImplicitAsync(ProviderHost host) => OnAsync(host, "implicit", null, AuthenticationBy.None);

    /// <summary>First party; id_tokens and userinfo are signed with this algorithm.</summary>
    public static Task<RelyingParty> SignedAsync(ProviderHost host, string algorithm) =>
        OnAsync(host, "signed-" + algorithm, Secret, AuthenticationBy.Basic);

    private static async Task<RelyingParty> OnAsync(ProviderHost host, string clientId, string? secret, AuthenticationBy authentication)
    {
        await declared.GetValue(host, static host => new Lazy<Task>(() => host.ApplyAsync(Declaration))).Value;
        return new RelyingParty(host, clientId, secret, RedirectUri, authentication);
    }

    private static string Declaration => $$"""
        {
          "clients": [
            {
              "client_id": "hybrid", "client_secret": "{{Secret}}", "redirect_uris": ["{{RedirectUri}}"],
              "grant_types": ["authorization_code", "implicit", "refresh_token"], "response_types": {{AllTypes}}, "scope": "{{Scope}}"
            },
            {
              "client_id": "implicit", "token_endpoint_auth_method": "none", "redirect_uris": ["{{RedirectUri}}"],
              "grant_types": ["implicit"], "response_types": ["id_token", "token id_token"], "scope": "{{Scope}}"
            },
            {{string.Join(",\n", Algorithms.Select(Signed))}}
          ]
        }
        """;

    private static string Signed(string algorithm) => $$"""
        {
          "client_id": "signed-{{algorithm}}", "client_secret": "{{Secret}}", "redirect_uris": ["{{RedirectUri}}"], "first_party": true,
          "grant_types": ["authorization_code", "implicit", "refresh_token"], "response_types": {{AllTypes}}, "scope": "{{Scope}}",
          "id_token_signed_response_alg": "{{algorithm}}", "userinfo_signed_response_alg": "{{algorithm}}"
        }
        """;
}
