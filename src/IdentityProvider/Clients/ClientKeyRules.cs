using IdentityProvider.Protocol;
using Microsoft.IdentityModel.Tokens;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace IdentityProvider.Clients;

/// <summary>What a registration may say of keys and signatures.</summary>
internal static class ClientKeyRules
{
    private static readonly string[] assertionAudiences = [ClientAssertionAudiences.Endpoint, ClientAssertionAudiences.Issuer];

    // RFC 7518 §6.2.2, §6.3.2 and §6.4: members of a key that nobody but its owner may have.
    private static readonly string[] privateKeyMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

    public static IEnumerable<MetadataProblem> Check(ClientMetadata metadata, bool isDevelopment) =>
    [
        .. CheckAlgorithms(metadata),
        .. CheckAssertions(metadata),
        .. CheckKeySet(metadata),
        .. CheckKeySetAddress(metadata, isDevelopment),
    ];

    private static IEnumerable<MetadataProblem> CheckAlgorithms(ClientMetadata metadata) =>
        from member in new (string Name, string? Value)[]
        {
            ("id_token_signed_response_alg", metadata.IdTokenSignedResponseAlg),
            ("userinfo_signed_response_alg", metadata.UserInfoSignedResponseAlg),
            ("introspection_signed_response_alg", metadata.IntrospectionSignedResponseAlg),
            ("token_endpoint_auth_signing_alg", metadata.TokenEndpointAuthSigningAlg),
        }
        where member.Value is not null && !SignatureAlgorithms.All.Contains(member.Value)
        select new MetadataProblem(member.Name, $"This must be {ClientRules.OneOf(SignatureAlgorithms.All)}.");

    private static IEnumerable<MetadataProblem> CheckAssertions(ClientMetadata metadata)
    {
        if (!assertionAudiences.Contains(metadata.ClientAssertionAudience))
        {
            yield return new("client_assertion_audience", $"This must be {ClientRules.OneOf(assertionAudiences)}.");
        }

        if (metadata.TokenEndpointAuthMethod == ClientAuthenticationMethods.PrivateKeyJwt && metadata.Jwks is null && metadata.JwksUri is null)
        {
            yield return new("jwks", "A client that authenticates by private_key_jwt needs its public keys here, or at jwks_uri.");
        }
    }

    private static IEnumerable<MetadataProblem> CheckKeySet(ClientMetadata metadata)
    {
        if (metadata.Jwks is not { } jwks)
        {
            yield break;
        }

        JsonWebKeySet? parsed = null;
        try
        {
            parsed = new JsonWebKeySet(jwks.GetRawText());
        }
        catch (ArgumentException)
        {
            // Told below, with an empty set.
        }

        if (parsed is null || parsed.Keys.Count == 0)
        {
            yield return new("jwks", "This must be a JWK Set (RFC 7517) with at least one key.");
        }
        else if (jwks.GetProperty("keys").EnumerateArray()
            .Any(key => privateKeyMembers.Any(member => key.TryGetProperty(member, out _))))
        {
            yield return new("jwks", "This must hold public keys only; replace the key pair whose private key stands here.");
        }
        else if (metadata.TokenEndpointAuthMethod == ClientAuthenticationMethods.PrivateKeyJwt
            && ClientKeySet.Parse(jwks.GetRawText()) is { } keys && !AssertionAlgorithms(metadata).Any(algorithm => keys.ToVerify(algorithm, null).Count > 0))
        {
            yield return new("jwks",
                $"None of these keys can verify a client assertion by {ClientRules.OneOf(AssertionAlgorithms(metadata))}. RSA keys need 2048 bits or more.");
        }
    }

    private static IReadOnlyList<string> AssertionAlgorithms(ClientMetadata metadata) =>
        metadata.TokenEndpointAuthSigningAlg is { } algorithm ? [algorithm] : SignatureAlgorithms.All;

    private static IEnumerable<MetadataProblem> CheckKeySetAddress(ClientMetadata metadata, bool isDevelopment)
    {
        if (metadata.JwksUri is not { } address)
        {
            yield break;
        }

        if (!ClientRules.IsLink(address, isDevelopment))
        {
            yield return new("jwks_uri", "This must be an absolute https address.");
        }

        // RFC 7591 §2
        if (metadata.Jwks is not null)
        {
            yield return new("jwks_uri", "Give jwks or jwks_uri, not both.");
        }
    }
}
