using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.TokenExchange;

/// <summary>An exchange gives one access token, made as every access token is, and says what it is (RFC 8693 §2.2.1).</summary>
internal static class AnswerExchange
{
    private const string IssuedTokenType = "issued_token_type";

    /// <summary>No id_token and no refresh token (§2.2.1), and no token of the library's own kind beside them.</summary>
    public static OpenIddictServerHandlerDescriptor WithOneToken { get; } = For(EvaluateGeneratedTokens.Descriptor.Order + 800, context =>
    {
        context.GenerateAccessToken = context.IncludeAccessToken = true;
        context.GenerateIssuedToken = context.IncludeIssuedToken = false;
        context.GenerateIdentityToken = context.IncludeIdentityToken = false;
        context.GenerateRefreshToken = context.IncludeRefreshToken = false;
    });

    /// <summary>Which token it is; and its scope even where it is what was asked for.</summary>
    public static OpenIddictServerHandlerDescriptor WithItsType { get; } = For(AttachSignInParameters.Descriptor.Order + 500, context =>
    {
        context.Response[IssuedTokenType] = TokenTypeIdentifiers.AccessToken;
        context.Response.Scope = string.Join(' ', context.AccessTokenPrincipal!.GetScopes());
    });

    /// <summary>§2.2.2: a token that is invalid, expired or revoked makes the request invalid. The library would call it the grant.</summary>
    public static OpenIddictServerHandlerDescriptor WithItsErrors { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ApplyTokenResponseContext>()
            .UseInlineHandler(static context =>
            {
                if (context.Request?.IsTokenExchangeGrantType() == true && context.Response.Error is Errors.InvalidToken or Errors.ExpiredToken or Errors.InvalidGrant)
                {
                    context.Response.Error = Errors.InvalidRequest;
                }

                return ValueTask.CompletedTask;
            })
            .SetOrder(-500)
            .Build();

    private static OpenIddictServerHandlerDescriptor For(int order, Action<ProcessSignInContext> answer) =>
        OpenIddictServerHandlerDescriptor.CreateBuilder<ProcessSignInContext>()
            .UseInlineHandler(context =>
            {
                if (context.EndpointType == OpenIddictServerEndpointType.Token && context.Request.IsTokenExchangeGrantType())
                {
                    answer(context);
                }

                return ValueTask.CompletedTask;
            })
            .SetOrder(order)
            .Build();
}
