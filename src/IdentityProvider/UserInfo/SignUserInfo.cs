using System.Text.Json;
using IdentityProvider.Clients;
using IdentityProvider.Keys;
using IdentityProvider.Protocol;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace IdentityProvider.UserInfo;

/// <summary>A client that registered <c>userinfo_signed_response_alg</c> gets its answer as a signed JWT (OpenID Connect Core §5.3.2).</summary>
internal sealed class SignUserInfo(ClientCatalog clients, SignatureKeys keys, Issuer issuer) : IOpenIddictServerHandler<ApplyUserInfoResponseContext>
{
    // An expiry would make it look like an id_token; without one, and without a nonce, no client takes it for one, nor do we (RefuseAsIdToken).
    private static readonly JsonWebTokenHandler writer = new() { SetDefaultTimesOnTokenCreation = false };

    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ApplyUserInfoResponseContext>()
            .UseSingletonHandler<SignUserInfo>()
            // The headers are set, and the library would now write the JSON.
            .SetOrder(499_000)
            .Build();

    public async ValueTask HandleAsync(ApplyUserInfoResponseContext context)
    {
        if (!string.IsNullOrEmpty(context.Response.Error) || PresenterOf(context) is not { } clientId
            || await clients.FindAsync(clientId, context.CancellationToken) is not { Metadata.UserInfoSignedResponseAlg: { } algorithm })
        {
            return;
        }

        var claims = JsonSerializer.SerializeToNode(context.Response)!.AsObject();
        claims[ClaimNames.Issuer] = issuer.Value;
        claims[ClaimNames.Audience] = clientId;
        var token = writer.CreateToken(claims.ToJsonString(), await keys.GetAsync(algorithm, context.CancellationToken));

        var response = context.Transaction.GetHttpRequest()!.HttpContext.Response;
        response.ContentType = "application/jwt";
        await response.WriteAsync(token, context.CancellationToken);
        context.HandleRequest();
    }

    private static string? PresenterOf(ApplyUserInfoResponseContext context) =>
        context.Transaction.Authentication()?.AccessTokenPrincipal?.GetClaim(ClaimNames.ClientId);
}
