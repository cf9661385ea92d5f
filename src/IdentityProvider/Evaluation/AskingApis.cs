using System.Text;
using IdentityProvider.Claims;
using IdentityProvider.Clients;
using IdentityProvider.Protocol;
using IdentityProvider.Scopes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace IdentityProvider.Evaluation;

/// <summary>
/// Who asks, and for which API. A client shows itself by the secret it registered, as <c>client_secret_basic</c> (RFC 6749 §2.3.1), or, however it
/// authenticates, by an access token that it got for itself at the token endpoint and for this server alone (RFC 6750). It asks for the one API that names it.
/// </summary>
internal sealed class AskingApis(ClientCatalog clients, ScopeCatalog scopes, Issuer issuer)
{
    private const string Basic = "Basic ";
    private const string Bearer = "Bearer ";

    public async ValueTask<Outcome> FindAsync(HttpContext http)
    {
        var authorization = http.Request.Headers.Authorization.ToString();
        var identified = authorization switch
        {
            _ when authorization.StartsWith(Basic, StringComparison.OrdinalIgnoreCase) => await BySecretAsync(authorization[Basic.Length..], http.RequestAborted),
            _ when authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) => await ByTokenAsync(authorization[Bearer.Length..], http),
            _ => Refuse(Errors.InvalidClient, "client.unauthenticated",
                "The API must authenticate: by its client_id and client_secret as Basic, or by an access token of its own as Bearer."),
        };
        return identified is Identified { Client: var client }
            ? ApiOf(client, (await scopes.GetAsync(http.RequestAborted)).ResourcesNaming(client.ClientId))
            : identified;
    }

    /// <summary>What comes with a 401 (RFC 9110 §11.6.1): the ways there are.</summary>
    public string[] Challenges(EvaluationRefusal refusal) =>
    [
        $"Basic realm=\"{issuer.Value}\", charset=\"UTF-8\"",
        refusal.Error == Errors.InvalidToken
            ? $"Bearer realm=\"{issuer.Value}\", error=\"{refusal.Error}\", error_description=\"{refusal.Sentence}\""
            : $"Bearer realm=\"{issuer.Value}\"",
    ];

    private async ValueTask<Outcome> BySecretAsync(string credentials, CancellationToken cancellationToken)
    {
        if (Read(credentials) is not var (clientId, secret))
        {
            return Refuse(Errors.InvalidClient, "header.invalid", "The credentials must be the client_id, a colon and the client_secret, each form-encoded, together in base64.");
        }

        if (await clients.FindAsync(clientId, cancellationToken) is not { } client)
        {
            return Refuse(Errors.InvalidClient, "client_id.unknown", "No client is registered under this client_id.", clientId);
        }

        if (client.Metadata.TokenEndpointAuthMethod != ClientAuthenticationMethods.ClientSecretBasic)
        {
            return Refuse(Errors.InvalidClient, "client.method",
                $"This client is registered to authenticate by {client.Metadata.TokenEndpointAuthMethod}. Here it sends an access token that it got by client_credentials.", clientId);
        }

        return client.Entity.ClientSecret is { } stored && ClientSecret.Matches(secret, stored)
            ? new Identified(client)
            : Refuse(Errors.InvalidClient, "client.secret", "The client_secret is not the one this client has.", clientId);
    }

    /// <summary>By all the rules by which this server reads an access token anywhere: signature, times, revocation.</summary>
    private async ValueTask<Outcome> ByTokenAsync(string token, HttpContext http)
    {
        var validation = new ValidateTokenContext(http.Features.Get<OpenIddictServerAspNetCoreFeature>()!.Transaction!)
        {
            Token = token.Trim(),
            ValidTokenTypes = { TokenTypeIdentifiers.AccessToken },
            DisableAudienceValidation = true,
            DisablePresenterValidation = true,
        };
        await http.RequestServices.GetRequiredService<IOpenIddictServerDispatcher>().DispatchAsync(validation);
        if (validation is not { IsRejected: false, Principal: { } caller })
        {
            var (rule, sentence) = LibraryRefusals.Find(validation.ErrorDescription ?? "") is var (known, plainly)
                ? (known, plainly)
                : ("token.unknown", validation.ErrorDescription ?? "The access token is not valid.");
            return Refuse(Errors.InvalidToken, rule, sentence);
        }

        var clientId = caller.GetClaim(ClaimNames.Subject) ?? "";

        // A client's own (RFC 9068 §2.2), held by nobody else, and made for nobody else: an API that was sent another one could carry it here.
        return !caller.HasClaim(ClaimNames.AuthenticationTime) && caller.HasPresenter(clientId) && !caller.HasClaim(ActorClaim.Act)
            && caller.GetAudiences() is [var audience] && audience == issuer.Value
            && await clients.FindAsync(clientId, http.RequestAborted) is { } client
            ? new Identified(client)
            : Refuse(Errors.InvalidToken, "evaluation.token",
                "The access token must be the API's own, which it gets by client_credentials without a scope of a resource, so that its audience is this server.");
    }

    private static Outcome ApiOf(RegisteredClient client, IReadOnlyList<string> resources) => resources switch
    {
        [var resource] => new Known(new AskingApi(client, resource)),
        [] => new Refused(EvaluationRefusal.Forbidden(
            "evaluation.no_api", "No API names this client among its clients, so that there is nothing that it may ask.", client.ClientId)),
        _ => new Refused(EvaluationRefusal.Forbidden(
            "evaluation.several_apis", "Several APIs name this client, which could not tell for which of them it asks. Register a client for each.", client.ClientId)),
    };

    private static (string ClientId, string Secret)? Read(string credentials)
    {
        var bytes = new byte[credentials.Length];
        if (!Convert.TryFromBase64String(credentials.Trim(), bytes, out var length))
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(bytes, 0, length);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : (Decode(text[..colon]), Decode(text[(colon + 1)..]));
    }

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    private static Refused Refuse(string error, string rule, string sentence, string? clientId = null) =>
        new(EvaluationRefusal.Unauthenticated(error, rule, sentence, clientId));

    internal abstract record Outcome;

    internal sealed record Known(AskingApi Api) : Outcome;

    internal sealed record Refused(EvaluationRefusal Refusal) : Outcome;

    private sealed record Identified(RegisteredClient Client) : Outcome;
}

/// <summary>An API that asks.</summary>
/// <param name="Resource">Its identifier, the one whose permissions and policies decide.</param>
internal sealed record AskingApi(RegisteredClient Client, string Resource);
