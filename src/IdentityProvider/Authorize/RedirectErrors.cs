using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.Authorize;

/// <summary>
/// RFC 6749 §4.1.2.1: once the client and its redirect URI are known to be good, the client is told of every error by redirect.
/// The library shows a page for whatever its own validation refuses.
/// </summary>
internal sealed class RedirectErrors(IOpenIddictApplicationManager applications) :
    IOpenIddictServerHandler<ValidateAuthorizationRequestContext>,
    IOpenIddictServerHandler<ApplyAuthorizationResponseContext>
{
    private const string SafeRedirectUri = "IdentityProvider.SafeRedirectUri";

    /// <summary>First of all: are client and redirect URI good, whatever else may be wrong?</summary>
    public static OpenIddictServerHandlerDescriptor RememberGoodRedirectUri { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ValidateAuthorizationRequestContext>()
            .UseScopedHandler<RedirectErrors>()
            .SetOrder(Authentication.ValidateRequestParameter.Descriptor.Order - 1000)
            .Build();

    public static OpenIddictServerHandlerDescriptor Redirect { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ApplyAuthorizationResponseContext>()
            .UseScopedHandler<RedirectErrors>()
            .SetOrder(Authentication.AttachRedirectUri.Descriptor.Order + 250)
            .Build();

    /// <summary>
    /// After the response mode was inferred: an error must arrive although the mode or the response type is the error.
    /// It goes where the client looks for the answer: into the fragment where tokens were asked for (OpenID Connect Core §3.2.2.6, §3.3.2.6).
    /// </summary>
    public static OpenIddictServerHandlerDescriptor ChooseResponseMode { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ApplyAuthorizationResponseContext>()
            .UseInlineHandler(static context =>
            {
                var forTokens = context.Request is { } request && (request.HasResponseType(ResponseTypes.IdToken) || request.HasResponseType(ResponseTypes.Token));
                if (context.RedirectUri is not null
                    && (context.ResponseMode is null || !context.Options.ResponseModes.Contains(context.ResponseMode)
                        || (forTokens && context.ResponseMode == ResponseModes.Query)))
                {
                    context.ResponseMode = forTokens ? ResponseModes.Fragment : ResponseModes.Query;
                }

                return ValueTask.CompletedTask;
            })
            .SetOrder(Authentication.InferResponseMode.Descriptor.Order + 250)
            .Build();

    public async ValueTask HandleAsync(ValidateAuthorizationRequestContext context)
    {
        if (context.Request is { ClientId: { Length: > 0 } clientId, RedirectUri: { Length: > 0 } redirectUri }
            && await applications.FindByClientIdAsync(clientId, context.CancellationToken) is { } client
            && await applications.ValidateRedirectUriAsync(client, redirectUri, context.CancellationToken))
        {
            context.Transaction.SetProperty(SafeRedirectUri, redirectUri);
        }
    }

    public ValueTask HandleAsync(ApplyAuthorizationResponseContext context)
    {
        if (context.RedirectUri is null && context.Response.Error is not null)
        {
            context.RedirectUri = context.Transaction.GetProperty<string>(SafeRedirectUri);
        }

        return ValueTask.CompletedTask;
    }
}
