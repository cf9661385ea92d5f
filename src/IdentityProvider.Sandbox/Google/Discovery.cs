namespace IdentityProvider.Sandbox.Google;

/// <summary>The stand-in's description of itself (OpenID Connect Discovery 1.0 section 3).</summary>
internal static class Discovery
{
    public static object Describe(GoogleSettings settings) => new Dictionary<string, object>
    {
        ["issuer"] = settings.Issuer,
        ["authorization_endpoint"] = settings.AuthorizationEndpoint,
        ["token_endpoint"] = settings.TokenEndpoint,
        ["userinfo_endpoint"] = settings.UserInfoEndpoint,
        ["jwks_uri"] = settings.KeysAddress,
        ["response_types_supported"] = new[] { "code" },
        ["response_modes_supported"] = new[] { "query" },
        ["grant_types_supported"] = new[] { "authorization_code" },
        ["subject_types_supported"] = new[] { "public" },
        ["id_token_signing_alg_values_supported"] = new[] { "RS256" },
        ["scopes_supported"] = new[] { "openid", "email", "profile" },
        ["token_endpoint_auth_methods_supported"] = new[] { "client_secret_post", "client_secret_basic" },
        ["claims_supported"] = new[]
        {
            "aud", "email", "email_verified", "exp", "family_name", "given_name", "iat", "iss", "locale", "name", "sub",
        },
        ["code_challenge_methods_supported"] = new[] { "S256" },
        ["authorization_response_iss_parameter_supported"] = true,
    };
}
