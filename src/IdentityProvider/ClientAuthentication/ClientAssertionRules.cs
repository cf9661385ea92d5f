using IdentityProvider.Clients;
using IdentityProvider.Protocol;
using Microsoft.IdentityModel.JsonWebTokens;

namespace IdentityProvider.ClientAuthentication;

/// <summary>What a client assertion says and must say (RFC 7523 §3, OpenID Connect Core §9), its signature apart.</summary>
internal static class ClientAssertionRules
{
    /// <summary>How far the clocks of a client and of this server may differ. FAPI 2.0 §5.3.2.1 demands 10 s at least and 60 s at most.</summary>
    public static TimeSpan ClockSkew { get; } = TimeSpan.FromSeconds(30);

    // RFC 8725 §3.11. Most clients write none, or the one of every JWT; the last is draft-ietf-oauth-rfc7523bis.
    private static readonly string[] types = ["", "JWT", "client-authentication+jwt"];

    /// <param name="Issuer">The issuer identifier of this server.</param>
    /// <param name="Addresses">The token endpoint and the endpoint to which the assertion was sent.</param>
    public sealed record Circumstances(string Issuer, IReadOnlyList<string> Addresses, DateTimeOffset Now, TimeSpan MaximumLifetime);

    /// <summary>The first thing that is wrong, in words for the client's developer; null when nothing is.</summary>
    public static string? FaultOf(JsonWebToken assertion, RegisteredClient client, Circumstances circumstances) =>
        FaultOfHeader(assertion, client.Metadata.TokenEndpointAuthSigningAlg)
        ?? FaultOfNames(assertion, client.ClientId)
        ?? FaultOfAudience(assertion, client.Metadata.ClientAssertionAudience, circumstances)
        ?? FaultOfTimes(assertion, circumstances);

    private static string? FaultOfHeader(JsonWebToken assertion, string? registeredAlgorithm)
    {
        // Also keeps out logout tokens, access tokens and whatever else names what it is for.
        if (!types.Contains(assertion.Typ ?? "", StringComparer.OrdinalIgnoreCase))
        {
            return "The typ of the client assertion must be absent, JWT or client-authentication+jwt.";
        }

        // RFC 7515 §4.1.11: whoever does not understand an extension named here must refuse. We understand none.
        if (assertion.TryGetHeaderValue<object>("crit", out _))
        {
            return "The client assertion has a crit header, which is not supported.";
        }

        if (!SignatureAlgorithms.All.Contains(assertion.Alg))
        {
            return $"The alg of the client assertion must be {ClientRules.OneOf(SignatureAlgorithms.All)}.";
        }

        return registeredAlgorithm is not null && assertion.Alg != registeredAlgorithm
            ? $"The alg of the client assertion must be {registeredAlgorithm}, as this client registered."
            : null;
    }

    private static string? FaultOfNames(JsonWebToken assertion, string clientId) =>
        assertion.Issuer != clientId || assertion.Subject != clientId ? "The iss and the sub of the client assertion must both be the client_id."
        : string.IsNullOrEmpty(assertion.Id) ? "The client assertion has no jti."
        : null;

    private static string? FaultOfAudience(JsonWebToken assertion, string policy, Circumstances circumstances)
    {
        // FAPI 2.0 §5.3.2.1: the issuer, as a string. An assertion that is good elsewhere too could be carried from there to here.
        if (policy == ClientAssertionAudiences.Issuer)
        {
            return assertion.TryGetPayloadValue<object>(ClaimNames.Audience, out var audience) && audience is string text && text == circumstances.Issuer
                ? null
                : "The aud of the client assertion must be the issuer of this server, as one string.";
        }

        return assertion.Audiences.Any(audience => audience == circumstances.Issuer || circumstances.Addresses.Contains(audience))
            ? null
            : "The aud of the client assertion must be the issuer of this server, its token endpoint or the endpoint that is called.";
    }

    private static string? FaultOfTimes(JsonWebToken assertion, Circumstances circumstances)
    {
        // As numbers: what a stranger wrote need not be a moment of this calendar.
        var now = circumstances.Now.ToUnixTimeSeconds();
        var skew = (long)ClockSkew.TotalSeconds;
        if (!assertion.TryGetPayloadValue<long>(ClaimNames.ExpiresAt, out var expires))
        {
            return "The client assertion has no exp.";
        }

        if (expires <= now - skew)
        {
            return "The client assertion has expired.";
        }

        if (expires > now + (long)circumstances.MaximumLifetime.TotalSeconds + skew)
        {
            return $"The exp of the client assertion must be at most {circumstances.MaximumLifetime.TotalSeconds:0} seconds ahead.";
        }

        return new[] { ClaimNames.IssuedAt, ClaimNames.NotBefore }.FirstOrDefault(claim => assertion.TryGetPayloadValue<long>(claim, out var time) && time > now + skew)
            is { } ahead ? $"The {ahead} of the client assertion lies in the future." : null;
    }
}
