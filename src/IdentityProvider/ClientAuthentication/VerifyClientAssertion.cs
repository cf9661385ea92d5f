using IdentityProvider.Audit;
using IdentityProvider.Clients;
using IdentityProvider.Data;
using IdentityProvider.Protocol;
using Microsoft.AspNetCore;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlerFilters;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.ClientAuthentication;

/// <summary>
/// <c>private_key_jwt</c>: a client proves itself by a JWT that it signed (RFC 7523 §2.2 and §3, OpenID Connect Core §9).
/// Takes the place of the library's handlers, which know neither <c>jwks_uri</c> nor replay, hold a thread while keys are looked up,
/// take only one <c>typ</c> and one <c>aud</c>, and call some faults <c>invalid_token</c> or <c>invalid_grant</c>.
/// </summary>
internal sealed class VerifyClientAssertion(
    ClientCatalog clients, ClientSignatures signatures, UsedProofs proofs, Issuer issuer, IOptions<ClientAuthenticationOptions> options, TimeProvider clock)
    : IOpenIddictServerHandler<ProcessAuthenticationContext>
{
    private const int LongestAssertion = 16 * 1024;

    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ProcessAuthenticationContext>()
            .AddFilter<RequireClientAssertionValidated>()
            .UseSingletonHandler<VerifyClientAssertion>()
            .SetOrder(ValidateClientAssertion.Descriptor.Order)
            .Build();

    public async ValueTask HandleAsync(ProcessAuthenticationContext context)
    {
        if (string.IsNullOrEmpty(context.ClientAssertion))
        {
            return;
        }

        // RFC 6749 §2.3. The library says so too, but not at every endpoint.
        if (!string.IsNullOrEmpty(context.ClientSecret))
        {
            Decision.Explain(context, "client.two_methods");
            context.Reject(Errors.InvalidRequest, "A client authenticates in one way per request, not by an assertion and a secret.");
        }
        else if (await RefusalOfAsync(context) is { } refusal)
        {
            Decision.Explain(context, "client_assertion.refused");
            context.Reject(Errors.InvalidClient, refusal);
        }
    }

    /// <summary>Why the assertion is refused; null when it was accepted, and used up by that.</summary>
    private async Task<string?> RefusalOfAsync(ProcessAuthenticationContext context)
    {
        if (context.ClientAssertionType != ClientAssertionTypes.JwtBearer)
        {
            return $"The client_assertion_type must be {ClientAssertionTypes.JwtBearer}.";
        }

        if (Read(context.ClientAssertion!) is not { } assertion)
        {
            return "The client assertion is not a signed JWT.";
        }

        if (await clients.FindAsync(assertion.Issuer ?? "", context.CancellationToken) is not { } client)
        {
            return "The iss of the client assertion must be the client_id.";
        }

        // RFC 7521 §4.2: the parameter may be left out, not differ.
        if (string.IsNullOrEmpty(context.ClientId))
        {
            context.Request.ClientId = client.ClientId;
        }
        else if (context.ClientId != client.ClientId)
        {
            return "The client_id parameter is not the client that authenticates.";
        }

        if (client.Metadata.TokenEndpointAuthMethod != ClientAuthenticationMethods.PrivateKeyJwt)
        {
            return RequireRegisteredMethod.Refusal(client);
        }

        return ClientAssertionRules.FaultOf(assertion, client, CircumstancesOf(context))
            ?? await VerifyAsync(context, assertion, client);
    }

    private async Task<string?> VerifyAsync(ProcessAuthenticationContext context, JsonWebToken assertion, RegisteredClient client)
    {
        var outcome = await signatures.VerifyAsync(assertion, client, context.CancellationToken);
        if (outcome is not ClientSignatures.Outcome.Verified verified)
        {
            return ((ClientSignatures.Outcome.Unverifiable)outcome).Reason;
        }

        // Last, when nobody but the client can have sent it (RFC 7523 §3, item 7).
        var until = assertion.ValidTo + ClientAssertionRules.ClockSkew;
        if (!await proofs.UseAsync(UsedProofs.ClientAssertion, client.ClientId, assertion.Id, until, context.CancellationToken))
        {
            return "The client assertion was used before; each needs a jti of its own.";
        }

        context.ClientAssertionPrincipal = verified.Principal;
        return null;
    }

    private ClientAssertionRules.Circumstances CircumstancesOf(ProcessAuthenticationContext context) => new(
        issuer.Value,
        [issuer.UrlOf(Endpoints.Token), issuer.UrlOf(context.Transaction.GetHttpRequest()!.Path)],
        clock.GetUtcNow(),
        options.Value.MaximumAssertionLifetime);

    private static JsonWebToken? Read(string assertion)
    {
        if (assertion.Length > LongestAssertion)
        {
            return null;
        }

        try
        {
            return new JsonWebToken(assertion) is { IsEncrypted: false, IsSigned: true } token ? token : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
