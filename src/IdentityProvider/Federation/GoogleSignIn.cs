using IdentityProvider.Audit;
using IdentityProvider.Protocol;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Google;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Federation;

/// <summary>Sign in with Google: the library's handler, with what it leaves open.</summary>
internal static partial class GoogleSignIn
{
    public static void AddGoogle(this AuthenticationBuilder authentication)
    {
        authentication.AddGoogle(ExternalProviders.Google, _ => { });
        authentication.Services.AddOptions<GoogleOptions>(ExternalProviders.Google)
            .Configure<IOptions<GoogleSignInOptions>, CookieNames, OutgoingGuard>((google, settings, names, guard) =>
            {
                google.ClientId = settings.Value.ClientId!;
                google.ClientSecret = settings.Value.ClientSecret!;
                google.AuthorizationEndpoint = settings.Value.AuthorizationEndpoint;
                google.TokenEndpoint = settings.Value.TokenEndpoint;
                google.UserInformationEndpoint = settings.Value.UserInformationEndpoint;
                google.SignInScheme = ExternalCookie.Scheme;
                google.UsePkce = true;
                google.SaveTokens = false;
                google.BackchannelHttpHandler = guard.NewHandler();

                // The library maps neither, and an address that is merely present proves nothing.
                google.ClaimActions.MapJsonKey(ExternalIdentity.EmailVerifiedClaim, ExternalIdentity.EmailVerifiedClaim);
                google.ClaimActions.MapJsonKey(ExternalIdentity.PictureClaim, ExternalIdentity.PictureClaim);

                // Google comes back by a top-level GET, which Lax lets through; the library's default, None, is lost on plain http.
                names.Apply(google.CorrelationCookie, "correlation.");
                google.Events.OnRemoteFailure = ExplainAsync;
            });
    }

    /// <summary>What the handler needs to send a person to Google and back to us.</summary>
    public static AuthenticationProperties Challenge(ExternalProvider provider, string returnPath, string? loginHint)
    {
        // Who was refused or chose the wrong account must be able to choose another one.
        var properties = new GoogleChallengeProperties { RedirectUri = returnPath, Prompt = "select_account", LoginHint = loginHint };
        ExternalCookie.SetProvider(properties, provider);
        return properties;
    }

    // Every way of not coming back signed in ends at a page that says what happened and knows the way back.
    private static Task ExplainAsync(RemoteFailureContext context)
    {
        // The handler forgets the state it has read when something fails after it.
        var properties = context.Properties ?? ((GoogleOptions)context.Options).StateDataFormat.Unprotect(context.Request.Query["state"]);
        var failure = FailureOf(context, properties);
        var returnPath = properties?.RedirectUri ?? context.Request.PathBase + ExternalLoginPaths.Callback;

        var services = context.HttpContext.RequestServices;
        if (failure == ExternalFailure.ProviderFailed)
        {
            Log.ProviderFailed(services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(GoogleSignIn)), context.Scheme.Name, context.Failure);
        }

        services.GetRequiredService<AuditLog>().Record(AuditEventType.ExternalSignIn, succeeded: false, reason: $"{context.Scheme.Name}: {failure}.");
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = QueryHelpers.AddQueryString(returnPath, ExternalLoginPaths.Failure, failure.ToString());
        context.HandleResponse();
        return Task.CompletedTask;
    }

    private static ExternalFailure FailureOf(RemoteFailureContext context, AuthenticationProperties? properties) =>
        properties is null || context.Failure?.Message == "Correlation failed." ? ExternalFailure.StateLost
        : context.Request.Query["error"] == "access_denied" ? ExternalFailure.Cancelled
        : ExternalFailure.ProviderFailed;

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "Signing in with {Provider} failed at the provider.")]
        public static partial void ProviderFailed(ILogger logger, string provider, Exception? exception);
    }
}
