using System.Security.Claims;
using IdentityProvider.Clients;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace IdentityProvider.ClientAuthentication;

/// <summary>Verifies what a client signed with its own keys, whether registered or published.</summary>
internal sealed class AssertionSignature(ClientKeys keys)
{
    private static readonly JsonWebTokenHandler handler = new() { MapInboundClaims = false };

    public async Task<Outcome> VerifyAsync(JsonWebToken assertion, RegisteredClient client, CancellationToken cancellationToken)
    {
        if (await keys.FindAsync(client, cancellationToken) is not { } known)
        {
            return new Outcome.Unverifiable("The jwks_uri of this client could not be read.");
        }

        // A client that changed its keys names a kid we do not know, or the old name, or none: only another look can tell (OpenID Connect Core §10.1.1).
        return await VerifyAsync(assertion, client, known)
            ?? (await keys.FindNewerAsync(client, known, cancellationToken) is { } newer ? await VerifyAsync(assertion, client, newer) : null)
            ?? new Outcome.Unverifiable("No key of this client verifies the signature of the client assertion.");
    }

    private static async Task<Outcome?> VerifyAsync(JsonWebToken assertion, RegisteredClient client, ClientKeySet keys)
    {
        var candidates = keys.ToVerify(assertion.Alg, assertion.Kid);
        if (candidates.Count == 0)
        {
            return null;
        }

        var result = await handler.ValidateTokenAsync(assertion, new TokenValidationParameters
        {
            ValidAlgorithms = [assertion.Alg],
            IssuerSigningKeys = candidates,
            TryAllIssuerSigningKeys = true,
            ValidIssuer = client.ClientId,
            // ClientAssertionRules has judged these, by the clock and the policy of this server.
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
