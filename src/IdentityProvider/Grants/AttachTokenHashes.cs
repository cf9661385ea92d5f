using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using IdentityProvider.Clients;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.Grants;

/// <summary>
/// <c>at_hash</c> and <c>c_hash</c>: the left half of the hash that the id_token's own algorithm uses (OpenID Connect Core §3.1.3.6, §3.3.2.11).
/// The library would use that of its first key, whatever signs the id_token.
/// </summary>
internal sealed class AttachTokenHashes(ClientCatalog clients) : IOpenIddictServerHandler<ProcessSignInContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ProcessSignInContext>()
            .UseSingletonHandler<AttachTokenHashes>()
            .SetOrder(AttachTokenDigests.Descriptor.Order)
            .Build();

    public async ValueTask HandleAsync(ProcessSignInContext context)
    {
        if (!context.GenerateIdentityToken || context.IdentityTokenPrincipal is not { } idToken)
        {
            return;
        }

        var algorithm = await SignByAudience.ForIdentityTokenAsync(clients, context.ClientId, context.CancellationToken);
        if (context.AccessToken is { Length: > 0 } accessToken)
        {
            idToken.SetClaim(ClaimNames.AccessTokenHash, HalfHash(algorithm, accessToken));
        }

        if (context.AuthorizationCode is { Length: > 0 } code)
        {
            idToken.SetClaim(ClaimNames.CodeHash, HalfHash(algorithm, code));
        }
    }

    private static string HalfHash(string algorithm, string token)
    {
        var octets = Encoding.ASCII.GetBytes(token);
        // RFC 7518 §3.1: the last three digits name the hash.
        var hash = algorithm[^3..] switch
        {
            "384" => SHA384.HashData(octets),
            "512" => SHA512.HashData(octets),
            _ => SHA256.HashData(octets),
        };
        return Base64Url.EncodeToString(hash.AsSpan(0, hash.Length / 2));
    }
}
