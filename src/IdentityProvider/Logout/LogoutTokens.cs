using System.Security.Cryptography;
using System.Text.Json;
using IdentityProvider.Claims;
using IdentityProvider.Clients;
using IdentityProvider.Keys;
using IdentityProvider.Protocol;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace IdentityProvider.Logout;

/// <summary>Makes logout tokens (OpenID Connect Back-Channel Logout §2.4).</summary>
internal sealed class LogoutTokens(SignatureKeys keys, Issuer issuer, TimeProvider clock)
{
    // §4: explicit typing, so that no other JWT passes for one, nor this for an id_token, here or elsewhere.
    private const string TokenType = "logout+jwt";
    private const string LogoutEvent = "http://schemas.openid.net/event/backchannel-logout";

    // §2.4 recommends two minutes at most: each attempt gets a token of its own.
    private static readonly TimeSpan lifetime = TimeSpan.FromMinutes(2);

    private static readonly JsonWebTokenHandler writer = new() { SetDefaultTimesOnTokenCreation = false };

    /// <summary>A token that tells this client of the end of this session. Never with a <c>nonce</c>, which would make an id_token of it.</summary>
    public async Task<string> CreateAsync(RegisteredClient client, LogoutDelivery delivery, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return writer.CreateToken(new SecurityTokenDescriptor
        {
            TokenType = TokenType,
            Issuer = issuer.Value,
            Audience = client.ClientId,
            IssuedAt = now,
            Expires = now + lifetime,
            Claims = new Dictionary<string, object>
            {
                [ClaimNames.JwtId] = RandomNumberGenerator.GetHexString(32, lowercase: true),
                [ClaimNames.Subject] = delivery.ClientSubject,
                [PrincipalFactory.SessionIdClaim] = delivery.SessionId,
                ["events"] = JsonSerializer.SerializeToElement(new Dictionary<string, object> { [LogoutEvent] = new object() }),
            },
            SigningCredentials = await keys.GetAsync(client.Metadata.IdTokenSignedResponseAlg, cancellationToken),
        });
    }
}
