using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace IdentityProvider.ResourceServer;

/// <summary>What the bearer handler does besides checking a JWT: introspection, tokens that are bound to a key, and exact refusals.</summary>
internal sealed class AccessTokenEvents(IntrospectionUse use, ProviderMetadata metadata, TokenIntrospection introspection) : JwtBearerEvents
{
    private const string Scheme = "Bearer ";

    private static readonly JsonWebTokenHandler jwt = new();

    public override async Task MessageReceived(MessageReceivedContext context)
    {
        // RFC 6750 §2.1 only: a token in a form or an address ends up in logs and histories.
        var header = context.Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) || header[Scheme.Length..].Trim() is not { Length: > 0 } token)
        {
            return;
        }

        context.Token = token;
        if ((use & (IntrospectionUse.OpaqueTokens | IntrospectionUse.EveryToken)) != 0 && !IsSigned(token))
        {
            await AskAsync(context, token, principal =>
            {
                context.Principal = principal;
                context.Success();
            });
        }
    }

    public override async Task TokenValidated(TokenValidatedContext context)
    {
        // RFC 9449 §7.2, RFC 8705 §3: a token bound to a key is worth nothing in other hands.
        // This API checks no proof of possession, so it must not take such a token for a plain bearer token.
        if (context.Principal!.HasClaim(claim => claim.Type == ClaimName.Confirmation))
        {
            context.Fail("The token is bound to a key, and possession of the key was not shown.");
            return;
        }

        var token = (JsonWebToken)context.SecurityToken;
        if (!SubjectClaim.IsWellFormed(token))
        {
            context.Fail("The subject of the token is not a string.");
            return;
        }

        if (use.HasFlag(IntrospectionUse.EveryToken))
        {
            await AskAsync(context, token.EncodedToken, principal => context.Principal = principal);
            return;
        }

        var identity = (ClaimsIdentity)context.Principal!.Identity!;
        UnknownGrants.Mark(identity, GrantClaims.RemoveMalformed(identity, token));
        if (use.HasFlag(IntrospectionUse.MissingPermissions) && GrantClaims.AreLeftOut(token))
        {
            LeftOutPermissions.Mark(identity, token.EncodedToken);
        }
    }

    public override async Task AuthenticationFailed(AuthenticationFailedContext context)
    {
        // Without any keys every signature is unknown. That is not the token's fault, and its owner must not be sent to get a new one.
        if (context.Exception is SecurityTokenSignatureKeyNotFoundException)
        {
            try
            {
                await metadata.GetConfigurationAsync(context.HttpContext.RequestAborted);
            }
            catch (ProviderUnavailableException unavailable)
            {
                context.Fail(unavailable);
            }
        }
    }

    public override async Task Challenge(JwtBearerChallengeContext context)
    {
        if (context.AuthenticateFailure is ProviderUnavailableException)
        {
            context.HandleResponse();
            await Refusal.AnswerUnavailableAsync(context.HttpContext);
        }
    }

    public override Task Forbidden(ForbiddenContext context) => Refusal.AnswerAsync(context.HttpContext);

    // An encrypted token (five parts) says nothing to this API, so it is opaque too.
    private static bool IsSigned(string token) => token.AsSpan().Count('.') == 2 && jwt.CanReadToken(token);

    private async Task AskAsync(ResultContext<JwtBearerOptions> context, string token, Action<ClaimsPrincipal> accept)
    {
        switch (await introspection.AskAsync(token, context.HttpContext.RequestAborted))
        {
            case IntrospectionAnswer.Active active:
                accept(active.ToPrincipal());
                break;
            case IntrospectionAnswer.Refused refused:
                context.Fail(refused.Reason);
                break;
            default:
                context.Fail(new ProviderUnavailableException("The identity provider could not be asked about the token."));
                break;
        }
    }
}
