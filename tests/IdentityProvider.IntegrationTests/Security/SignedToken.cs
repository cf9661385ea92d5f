using IdentityProvider.Keys;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace IdentityProvider.IntegrationTests.Security;

/// <summary>An access token that a client would get for itself, signed with the provider's key, with whatever the provider would never put into one.</summary>
internal static class SignedToken
{
    /// <summary>The keys are replaced, and the node has noticed: it looks every second.</summary>
    public static async Task ReplaceKeysAsync(ProviderHost host)
    {
        await using (var scope = host.Services.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<KeyRotation>().ReplaceNowAsync(CancellationToken.None);
        }

        await host.Services.GetRequiredService<KeyRing>().RefreshAsync(CancellationToken.None);
    }

    public static async Task<string> OfAsync(
        ProviderHost host, string audience, string clientId, string? scope = null, DateTime? notBefore = null, DateTime? expires = null)
    {
        var now = host.Clock.GetUtcNow().UtcDateTime;
        var claims = new Dictionary<string, object> { ["sub"] = clientId, ["client_id"] = clientId, ["jti"] = Wire.RandomText(22) };
        if (scope is not null)
        {
            claims["scope"] = scope;
        }

        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = host.Issuer,
            Audience = audience,
            IssuedAt = now.AddHours(-2),
            NotBefore = notBefore,
            Expires = expires ?? now.AddMinutes(20),
            TokenType = "at+jwt",
            SigningCredentials = await host.Services.GetRequiredService<SignatureKeys>().GetAsync("ES256", CancellationToken.None),
            Claims = claims,
        });
    }
}
