using System.Security.Claims;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace IdentityProvider.Clients;

/// <summary>Verifies what a client signed with its own keys, whether registered or published (RFC 7515, RFC 7517).</summary>
internal sealed class ClientSignatures(ClientKeys keys)
{
    private static readonly JsonWebTokenHandler handler = new() { MapInboundClaims = false };

    /// <summary>Verifies the signature and nothing else: what the token says, its <c>typ</c> and its <c>alg</c> are the caller's to judge, before this.</summary>
    public async Task<Outcome> VerifyAsync(JsonWebToken token, RegisteredClient client, CancellationToken cancellationToken)
    {
        if (await keys.FindAsync(client, cancellationToken) is not { } known)
        {
            return new Outcome.Unverifiable("The jwks_uri of this client could not be read.");
        }

        // A client that changed its keys names a kid we do not know, or the old name, or none: only another look can tell (OpenID Connect Core §10.1.1).
        return await VerifyAsync(token, known)
            ?? (await keys.FindNewerAsync(client, known, cancellationToken) is { } newer ? await VerifyAsync(token, newer) : null)
            ?? new Outcome.Unverifiable("No key of this client verifies the signature.");
    }

    private static async Task<Outcome?> VerifyAsync(JsonWebToken token, ClientKeySet keys)
    {
        var candidates = keys.ToVerify(token.Alg, token.Kid);
        if (candidates.Count == 0)
        {
            return null;
        }

        var result = await handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidAlgorithms = [token.Alg],
            IssuerSigningKeys = candidates,
            TryAllIssuerSigningKeys = true,
            ValidateIssuer = false,
            ValidateAudience = false,
            ValidateLifetime = false,
        });
        return result.IsValid ? new Outcome.Verified(new ClaimsPrincipal(result.ClaimsIdentity)) : null;
    }

    public abstract record Outcome
    {
        private Outcome() { }

        public sealed record Verified(ClaimsPrincipal Principal) : Outcome;

        public sealed record Unverifiable(string Reason) : Outcome;
    }
}
