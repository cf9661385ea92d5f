using System.Security.Claims;
using System.Text.Json;
using System.Text.Json.Nodes;
using IdentityProvider.Authorize;
using IdentityProvider.Claims;
using IdentityProvider.Grants;
using IdentityProvider.Introspection;
using IdentityProvider.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.Preview;

/// <summary>
/// Gives events to the very handlers that answer requests, without those that write, and ends before a token is signed. What it is to end before must be
/// among them: a version of the library that works otherwise is told at once, and signs nothing.
/// </summary>
internal sealed class Rehearsal(IOpenIddictServerFactory factory, EventHandlers handlers, IServiceProvider services, Issuer issuer) : IOpenIddictServerDispatcher
{
    private static readonly string httpContext = typeof(Rehearsal).FullName!;

    /// <summary>Handlers of requests that a preview does not send.</summary>
    private static readonly HashSet<Type> notSent =
    [
        // It would come by a pushed request, which is validated like this one.
        typeof(RequirePushedRequest),
        // The client proves nothing: nobody asks in its name, and nothing is given out.
        typeof(Exchange.ValidateAuthentication), typeof(Exchange.ValidateClientCredentialsParameters),
        typeof(Device.ValidateDeviceAuthentication), typeof(Device.ValidateClientCredentialsParameters),
    ];

    /// <summary>Handlers that write, or use up what was written.</summary>
    private static readonly HashSet<Type> writing =
        [typeof(AttachAuthorization), typeof(GrantOfFrontChannel), typeof(RedeemCode), typeof(UsePairwiseSubject), typeof(AddTokenRow)];

    public async Task<OpenIddictServerTransaction> BeginAsync(
        OpenIddictServerEndpointType endpoint, OpenIddictRequest request, CancellationToken cancellationToken)
    {
        var transaction = await factory.CreateTransactionAsync();
        transaction.MarkAsPreview();
        transaction.EndpointType = endpoint;
        transaction.Request = request;
        transaction.BaseUri = issuer.Address;
        transaction.CancellationToken = cancellationToken;
        // Where handlers look for services, and note what nobody will read. It belongs to no connection.
        var http = new DefaultHttpContext { RequestServices = services };
        transaction.SetProperty(httpContext, http);
        transaction.SetProperty(typeof(HttpRequest).FullName!, new WeakReference<HttpRequest>(http.Request));
        transaction.SetProperty(typeof(ProcessAuthenticationContext).FullName!, new ProcessAuthenticationContext(transaction));
        return transaction;
    }

    /// <summary>Whether a request would be refused, and how.</summary>
    public async Task<PreviewedRefusal?> ValidateAsync<TContext>(TContext context) where TContext : BaseValidatingContext
    {
        context.Transaction.SetProperty(typeof(TContext).FullName!, context);
        await DispatchAsync(context, until: null);
        return RefusalOf(context);
    }

    /// <summary>Who signs in by a token request.</summary>
    public async Task<(ClaimsPrincipal? Principal, PreviewedRefusal? Refusal)> HandleAsync(HandleTokenRequestContext context)
    {
        await DispatchAsync(context, until: null);
        return (context.Principal, RefusalOf(context));
    }

    /// <summary>What would stand in the tokens of a sign-in.</summary>
    public async Task<(ProcessSignInContext SignIn, PreviewedRefusal? Refusal)> SignInAsync(OpenIddictServerTransaction transaction, ClaimsPrincipal principal)
    {
        var context = new ProcessSignInContext(transaction) { Principal = principal, Response = new OpenIddictResponse() };
        await DispatchAsync(context, until: typeof(GenerateAccessToken));
        return (context, RefusalOf(context));
    }

    /// <summary>How a token would be written, up to its signature.</summary>
    public async Task<PreviewedToken> WriteAsync(ProcessSignInContext signIn, ClaimsPrincipal principal, string tokenType)
    {
        var context = new GenerateTokenContext(signIn.Transaction)
        {
            ClientId = signIn.ClientId,
            CreateTokenEntry = false,
            IsReferenceToken = false,
            PersistTokenPayload = false,
            Principal = principal,
            TokenFormat = TokenFormats.Private.JsonWebToken,
            TokenType = tokenType,
        };
        await DispatchAsync(context, until: typeof(Protection.GenerateIdentityModelToken));

        var descriptor = context.SecurityTokenDescriptor;
        var algorithm = context.SigningCredentials!.Algorithm;
        (descriptor.SigningCredentials, descriptor.EncryptingCredentials) = (null, null);
        // Written as a token is, by the same library, without a signature: whoever got hold of it could do nothing with it, and nobody does.
        var parts = context.Options.JsonWebTokenHandler.CreateToken(descriptor).Split('.');
        var header = Part(parts[0]);
        header[JwtHeaderParameterNames.Alg] = algorithm;
        var lifetime = principal.GetExpirationDate() - principal.GetCreationDate();
        return new PreviewedToken(header, Part(parts[1]), (long)(lifetime?.TotalSeconds ?? 0));
    }

    /// <summary>The answer of the userinfo endpoint; null where it would refuse.</summary>
    public async Task<JsonObject?> UserInfoAsync(OpenIddictServerTransaction transaction)
    {
        var context = new ProcessRequestContext(transaction);
        await new OpenIddictServerHandlers.UserInfo.HandleUserInfoRequest(this).HandleAsync(context);
        return context.IsRejected ? null : Answer(transaction);
    }

    /// <summary>The answer of the introspection endpoint, before it may be signed.</summary>
    public async Task<JsonObject?> IntrospectAsync(OpenIddictServerTransaction transaction)
    {
        var context = new ProcessRequestContext(transaction);
        await new OpenIddictServerHandlers.Introspection.HandleIntrospectionRequest(this).HandleAsync(context);
        if (context.IsRejected)
        {
            return null;
        }

        await DispatchAsync(new ApplyIntrospectionResponseContext(transaction), until: typeof(SignResponse));
        return Answer(transaction);
    }

    /// <summary>The events within an event: they have the same handlers left out.</summary>
    async ValueTask IOpenIddictServerDispatcher.DispatchAsync<TContext>(TContext context) => await DispatchAsync(context, until: null);

    private async Task DispatchAsync<TContext>(TContext context, Type? until) where TContext : BaseContext
    {
        var entries = handlers.For<TContext>();
        if (until is not null && !entries.Any(entry => entry.Type == until))
        {
            throw new InvalidOperationException($"Nothing handles {typeof(TContext).Name} by {until.Name} any more: what a preview ends before must be looked up anew.");
        }

        foreach (var entry in entries)
        {
            if (entry.Type == until)
            {
                return;
            }

            if (!notSent.Contains(entry.Type) && !writing.Contains(entry.Type) && await entry.IsActiveAsync(context))
            {
                await entry.HandleAsync(context, services);
                if (context is BaseValidatingContext { IsRejected: true } or BaseRequestContext { IsRequestHandled: true } or BaseRequestContext { IsRequestSkipped: true })
                {
                    return;
                }
            }
        }
    }

    private static PreviewedRefusal? RefusalOf(BaseValidatingContext context) =>
        context.IsRejected ? new PreviewedRefusal(context.Error ?? Errors.InvalidRequest, context.ErrorDescription) : null;

    private static JsonObject Part(string part) => JsonNode.Parse(Base64UrlEncoder.Decode(part))!.AsObject();

    private static JsonObject Answer(OpenIddictServerTransaction transaction) => JsonSerializer.SerializeToNode(transaction.Response)!.AsObject();
}
