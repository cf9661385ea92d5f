using System.Security.Claims;
using System.Text.Json.Nodes;
using IdentityProvider.Claims;
using IdentityProvider.Permissions;
using IdentityProvider.Scopes;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace IdentityProvider.Preview;

/// <summary>What the endpoints would say that read an access token.</summary>
internal sealed class TokenAnswers(Rehearsal rehearsal, ScopeCatalog scopes, AccessCatalog catalog)
{
    /// <summary>The answer of the userinfo endpoint (OpenID Connect Core §5.3).</summary>
    public async Task<JsonObject?> UserInfoAsync(string subject, ClaimsPrincipal accessToken, ICollection<string> notes, CancellationToken cancellationToken)
    {
        var transaction = await rehearsal.BeginAsync(OpenIddictServerEndpointType.UserInfo, new OpenIddictRequest(), cancellationToken);
        transaction.SetProperty(
            typeof(ValidateUserInfoRequestContext).FullName!, new ValidateUserInfoRequestContext(transaction) { AccessTokenPrincipal = accessToken });
        new PresentedGrant(subject, []).Remember(transaction);
        var answer = await rehearsal.UserInfoAsync(transaction);
        Tell(transaction, notes);
        return answer;
    }

    /// <summary>The answers of the introspection endpoint (RFC 7662 §2.2) to each of the token's APIs, by the first client that it names.</summary>
    /// <param name="subject">The person's own subject; null where a client acts for itself.</param>
    public async Task<IReadOnlyList<PreviewedIntrospection>> IntrospectAsync(
        string? subject, ClaimsPrincipal accessToken, ICollection<string> notes, CancellationToken cancellationToken)
    {
        var answers = new List<PreviewedIntrospection>();
        var known = await scopes.GetAsync(cancellationToken);
        foreach (var resource in accessToken.GetAudiences().Select(audience => known.Resources.GetValueOrDefault(audience)).OfType<ResourceDefinition>())
        {
            if (resource.Clients.Order(StringComparer.Ordinal).FirstOrDefault() is not { } caller)
            {
                continue;
            }

            var transaction = await rehearsal.BeginAsync(
                OpenIddictServerEndpointType.Introspection, new OpenIddictRequest { ClientId = caller }, cancellationToken);
            transaction.SetProperty(
                typeof(ValidateIntrospectionRequestContext).FullName!, new ValidateIntrospectionRequestContext(transaction) { GenericTokenPrincipal = accessToken });
            if (subject is not null)
            {
                new PresentedGrant(subject, []).Remember(transaction);
            }

            if (await rehearsal.IntrospectAsync(transaction) is { } answer)
            {
                answers.Add(new PreviewedIntrospection(resource.Identifier, caller, answer));
            }

            Tell(transaction, notes);
        }

        return answers;
    }

    /// <summary>Why an access token says nothing of roles, groups and permissions; null where it does.</summary>
    public async Task<string?> FindSilenceAsync(ClaimsPrincipal accessToken, CancellationToken cancellationToken)
    {
        if (accessToken.HasClaim(claim => claim.Type == AccessClaims.Roles))
        {
            return null;
        }

        var known = await scopes.GetAsync(cancellationToken);
        var model = await catalog.GetAsync(cancellationToken);
        return accessToken.GetAudiences() switch
        {
            [var only] when !known.Resources.ContainsKey(only) => "The access token says nothing of roles: it is for this server itself.",
            [var only] when !model.Owns(only) => $"The access token says nothing of roles: {only} owns no permissions.",
            [var only] => $"The access token says nothing of roles: together they are larger than {PermissionOptions.Section}:{nameof(PermissionOptions.LargestClaims)} allows; {only} asks introspection.",
            _ => "The access token says nothing of roles: it is for several APIs, and each asks introspection.",
        };
    }

    /// <summary>Adds the mapped claims that were left out.</summary>
    public static void Tell(OpenIddictServerTransaction transaction, ICollection<string> notes)
    {
        foreach (var left in LeftOutClaims.Of(transaction))
        {
            var where = ClaimMappings.Targets.First(target => target.Value == left.Target).Key;
            notes.Add($"The mapped claim {left.Claim} is not in {where}: {left.Reason}.");
        }
    }
}
