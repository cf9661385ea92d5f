using System.Text.Json;
using IdentityProvider.Clients;
using IdentityProvider.Keys;
using IdentityProvider.Protocol;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Server;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace IdentityProvider.Introspection;

/// <summary>
/// RFC 9701: the answer as a signed JWT, for a caller that asks for it or is registered with <c>introspection_signed_response_alg</c>.
/// What JSON would have said, inactive or not, stands in <c>token_introspection</c>; the claims around it say who tells whom and when.
/// </summary>
internal sealed class SignResponse(ClientCatalog clients, SignatureKeys keys, Issuer issuer, TimeProvider clock) : IOpenIddictServerHandler<ApplyIntrospectionResponseContext>
{
    private const string MediaType = "application/token-introspection+jwt";

    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ApplyIntrospectionResponseContext>()
            .UseSingletonHandler<SignResponse>()
            .SetOrder(OpenIddictServerAspNetCoreHandlers.ProcessJsonResponse<ApplyIntrospectionResponseContext>.Descriptor.Order - 500)
            .Build();

    public async ValueTask HandleAsync(ApplyIntrospectionResponseContext context)
    {
        var http = context.Transaction.GetHttpRequest()!.HttpContext;
        // RFC 9701 §5: errors stay what RFC 7662 §2.3 makes them.
        if (!string.IsNullOrEmpty(context.Response.Error)
            || context.Transaction.AuthenticatedClient() is not { Length: > 0 } caller
            || await clients.FindAsync(caller, context.CancellationToken) is not { } client
            || (client.Metadata.IntrospectionSignedResponseAlg ?? AskedFor(http.Request)) is not { } algorithm)
        {
            return;
        }

        http.Response.ContentType = MediaType;
        var credentials = await keys.GetAsync(algorithm, context.CancellationToken);
        await http.Response.WriteAsync(Sign(context, caller, credentials), context.CancellationToken);
        context.HandleRequest();
    }

    private string Sign(ApplyIntrospectionResponseContext context, string caller, SigningCredentials credentials) =>
        // §5: no sub and no exp beside token_introspection, so that nobody takes the answer for the token.
        context.Options.JsonWebTokenHandler.CreateToken(new SecurityTokenDescriptor
        {
            TokenType = "token-introspection+jwt",
            Issuer = issuer.Value,
            Audience = caller,
            IssuedAt = clock.GetUtcNow().UtcDateTime,
            Claims = new Dictionary<string, object> { ["token_introspection"] = JsonSerializer.SerializeToElement(context.Response) },
            SigningCredentials = credentials,
        });

    // §6: RS256 where the registration names nothing.
    private static string? AskedFor(HttpRequest request) =>
        request.GetTypedHeaders().Accept.Any(accepted =>
            string.Equals(accepted.MediaType.Value, MediaType, StringComparison.OrdinalIgnoreCase) && accepted.Quality is not 0)
            ? Algorithms.RsaSha256
            : null;
}
