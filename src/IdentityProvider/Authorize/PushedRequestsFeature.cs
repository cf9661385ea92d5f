using IdentityProvider.Protocol;
using Microsoft.Extensions.DependencyInjection;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.Authorize;

/// <summary>
/// Pushed authorization requests (RFC 9126). Endpoint: /connect/par. Row: PendingRequest, with the hash of its reference.
/// A pushed request is validated by the rules of the authorization endpoint, all of them: a handler on
/// <see cref="ValidateAuthorizationRequestContext"/> holds at both, and what only concerns the push hooks
/// <see cref="ValidatePushedAuthorizationRequestContext"/>. It is validated again when a browser opens it.
/// </summary>
internal static class PushedRequestsFeature
{
    public static OpenIddictServerBuilder UsePushedRequests(this OpenIddictServerBuilder server)
    {
        // The library's second set of the same rules, except those about the push itself.
        foreach (var rule in Authentication.DefaultHandlers)
        {
            if (rule.ContextType == typeof(ValidatePushedAuthorizationRequestContext)
                && rule != Authentication.ValidatePushedRequestParameter.Descriptor
                && rule != Authentication.ValidatePushedRequestUriParameter.Descriptor)
            {
                server.RemoveEventHandler(rule);
            }
        }

        return server
            .Add(LimitRequestSize.Pushed)
            .Add(ValidatePushedRequest.Descriptor)  // §2.1: as an authorization request
            .Replace(Authentication.HandlePushedAuthorizationRequest.Descriptor, AnswerPushedRequest.Descriptor) // §2.2
            .Add(PushedResponseStatus.Descriptor)   // §2.3
            .Replace(Authentication.ValidatePushedAuthorizationRequestsRequirement.Descriptor, RequirePushedRequest.Descriptor) // §6
            .Add(ShowUsedRequest.Descriptor);       // §4: one answer
    }
}
