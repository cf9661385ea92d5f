using System.Text.Json.Nodes;
using IdentityProvider.Data;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace IdentityProvider.Clients;

/// <summary>Derives from a client's metadata the columns that the library reads.</summary>
internal static class ClientColumns
{
    public static void Derive(Client client, ClientMetadata metadata)
    {
        client.ApplicationType = metadata.ApplicationType;
        client.ClientType = metadata.IsPublic ? ClientTypes.Public : ClientTypes.Confidential;
        client.ConsentType = metadata.IsFirstParty ? ConsentTypes.Implicit : ConsentTypes.Explicit;
        client.DisplayName = metadata.ClientName;
        client.RedirectUris = Array(metadata.RedirectUris);
        client.PostLogoutRedirectUris = Array(metadata.PostLogoutRedirectUris);
        client.JsonWebKeySet = metadata.Jwks?.GetRawText();
        client.Permissions = Array(PermissionsOf(metadata));
        client.Requirements = Array(RequirementsOf(metadata));
    }

    private static IEnumerable<string> RequirementsOf(ClientMetadata metadata)
    {
        if (metadata.RequiresPkce && metadata.UsesAuthorizationEndpoint)
        {
            yield return Requirements.Features.ProofKeyForCodeExchange;
        }

        if (metadata.RequiresPushedRequests)
        {
            yield return Requirements.Features.PushedAuthorizationRequests;
        }
    }

    private static IEnumerable<string> PermissionsOf(ClientMetadata metadata)
    {
        yield return KnownPermissions.Endpoints.Revocation;
        if (!metadata.IsPublic)
        {
            yield return KnownPermissions.Endpoints.Introspection;
        }

        if (metadata.UsesAuthorizationEndpoint)
        {
            yield return KnownPermissions.Endpoints.Authorization;
            yield return KnownPermissions.Endpoints.EndSession;
            yield return KnownPermissions.Endpoints.PushedAuthorization;
        }

        if (metadata.GrantTypes.Contains(GrantTypes.DeviceCode))
        {
            yield return KnownPermissions.Endpoints.DeviceAuthorization;
        }

        if (metadata.GrantTypes.Count > 0)
        {
            yield return KnownPermissions.Endpoints.Token;
        }

        foreach (var grantType in metadata.GrantTypes)
        {
            yield return KnownPermissions.Prefixes.GrantType + grantType;
        }

        foreach (var responseType in metadata.ResponseTypes)
        {
            yield return KnownPermissions.Prefixes.ResponseType + responseType;
        }

        foreach (var scope in metadata.ScopeNames)
        {
            yield return KnownPermissions.Prefixes.Scope + scope;
        }
    }

    // The library writes no empty arrays either.
    private static string? Array(IEnumerable<string> values) =>
        values.ToArray() is { Length: > 0 } array ? TextList.Write(array) : null;

    /// <summary>The stored members with the named ones set over them, in an order of their own: the same members are the same text.</summary>
    public static string Merge(string stored, JsonObject members)
    {
        var merged = new SortedDictionary<string, JsonNode?>(StringComparer.Ordinal);
        foreach (var (name, value) in JsonNode.Parse(stored)!.AsObject().Concat(members))
        {
            merged[name] = value;
        }

        return new JsonObject(merged.Where(member => member.Value is not null)
            .Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone()))).ToJsonString();
    }
}
