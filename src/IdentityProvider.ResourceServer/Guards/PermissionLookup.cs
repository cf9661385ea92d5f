using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace IdentityProvider.ResourceServer;

/// <summary>Fetches what a token left out, for a requirement that needs it.</summary>
internal sealed class PermissionLookup(TokenIntrospection introspection)
{
    /// <returns>True when the caller's claims are now more than they were; otherwise the context has failed, or there was nothing to fetch.</returns>
    public ValueTask<bool> FillInAsync(AuthorizationHandlerContext context, IAuthorizationHandler asker) =>
        LeftOutPermissions.Of(context.User) is { } leftOut ? FillInAsync(leftOut, context, asker) : new(false);

    private async ValueTask<bool> FillInAsync(LeftOutPermissions leftOut, AuthorizationHandlerContext context, IAuthorizationHandler asker)
    {
        var aborted = context.Resource is HttpContext http ? http.RequestAborted : CancellationToken.None;
        switch (await leftOut.FillInAsync(context.User, introspection, aborted))
        {
            case IntrospectionAnswer.Active:
                return true;
            case IntrospectionAnswer.Refused refused:
                context.Fail(new TokenInactiveReason(asker, refused.Reason));
                Refusal.Of(context)?.TokenIsInactive();
                return false;
            default:
                context.Fail(new ProviderUnavailableReason(asker));
                Refusal.Of(context)?.IsUnavailable();
                return false;
        }
    }
}

/// <summary>Nobody knows whether the requirement is met, because the identity provider does not say.</summary>
internal sealed class ProviderUnavailableReason(IAuthorizationHandler asker)
    : AuthorizationFailureReason(asker, "The identity provider could not be asked about the token.");

/// <summary>The identity provider says that the token is good for nothing any more.</summary>
internal sealed class TokenInactiveReason(IAuthorizationHandler asker, string message) : AuthorizationFailureReason(asker, message);
