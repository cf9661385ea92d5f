using IdentityProvider.Claims;
using IdentityProvider.Clients;
using IdentityProvider.Permissions;
using Microsoft.AspNetCore.Http;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace IdentityProvider.Administration;

/// <summary>
/// Reads the access token of a request (RFC 6750 §2.1) by the same rules as userinfo does: our signature, our issuer, its time, its grant and
/// its client alive, not revoked. And by two of its own: it is for the administration alone, because whoever else it were for could use it here,
/// and it has the scope.
/// </summary>
internal sealed class PresentedToken(IOpenIddictServerDispatcher dispatcher, ClientCatalog clients)
{
    private const string Scheme = "Bearer ";

    public async Task<TokenReading> ReadAsync(HttpContext http)
    {
        if (http.Request.Headers.Authorization is not [{ } header] || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return new TokenReading.Missing();
        }

        var transaction = http.Features.Get<OpenIddictServerAspNetCoreFeature>()?.Transaction
            ?? throw new InvalidOperationException("The library has not seen this request.");
        var validation = new ValidateTokenContext(transaction)
        {
            // Told apart below, each with what is wrong about it.
            DisableAudienceValidation = true,
            DisablePresenterValidation = true,
            Token = header[Scheme.Length..].Trim(),
            ValidTokenTypes = { TokenTypeIdentifiers.AccessToken },
        };
        await dispatcher.DispatchAsync(validation);
        if (validation.IsRejected || validation.Principal is not { } token)
        {
            return new TokenReading.Invalid("token.refused", validation.ErrorDescription ?? "The access token is not valid.");
        }

        if (token.GetAudiences() is not [AdministrationResource.Identifier])
        {
            return new TokenReading.Invalid("token.audience", token.GetAudiences().Contains(AdministrationResource.Identifier)
                ? $"The access token is for others too. Ask for one for {AdministrationResource.Identifier} alone, by the parameter resource."
                : "The access token is not for the administration of this server.");
        }

        var client = token.GetPresenters() is [{ Length: > 0 } presenter, ..] ? await clients.FindAsync(presenter, http.RequestAborted) : null;
        // The scope may have been taken from the client since: refresh tokens outlive that.
        if (!token.HasScope(AdministrationResource.Scope) || client?.Scopes.Contains(AdministrationResource.Scope) is false)
        {
            return new TokenReading.WithoutScope();
        }

        // Whoever acts for somebody else (RFC 8693 §4.1) would leave their name behind every change.
        if (token.HasClaim(ActorClaim.Act) || token.HasClaim(ActorClaim.MayAct))
        {
            return new TokenReading.Invalid("token.exchanged", "The access token was exchanged: the administration takes only those of whoever signed in.");
        }

        AccessHolder? holder = PresentedGrant.Find(transaction) is { Subject: { } subject } grant
            ? grant.ClientId == client?.Id ? new AccessHolder.Person(subject) : null
            : AccessHolder.OfToken(token) is AccessHolder.Client own && own.ClientId == client?.ClientId ? own : null;
        return holder is null || client is null
            ? new TokenReading.Invalid("token.refused", "The access token is nobody's, or was issued to another client than presents it.")
            : new TokenReading.Of(new Caller(holder, client.ClientId));
    }
}

/// <summary>The outcome of reading a token.</summary>
internal abstract record TokenReading
{
    private TokenReading()
    {
    }

    public sealed record Of(Caller Caller) : TokenReading;

    public sealed record Missing : TokenReading;

    public sealed record Invalid(string Rule, string Description) : TokenReading;

    public sealed record WithoutScope : TokenReading;
}
