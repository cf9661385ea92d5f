using System.Data.Common;
using IdentityProvider.Data;
using IdentityProvider.Scopes;
using Microsoft.Extensions.Hosting;

namespace IdentityProvider.Clients;

/// <summary>
/// Whether <see cref="ClientRegistry"/> would change anything, asked without EF Core. In doubt it would.
/// A client that stays as it is joins no sector and adds no redirect URI, so nobody else need be asked.
/// </summary>
internal sealed class ClientComparison(Statements statements, IHostEnvironment environment)
{
    private static readonly Statement find = new(
        """
        SELECT "Id", "ClientId", "Metadata", "ClientSecret", "ApplicationType", "ClientType", "ConsentType", "DisplayName",
            "RedirectUris", "PostLogoutRedirectUris", "JsonWebKeySet", "Permissions", "Requirements"
        FROM "Clients" WHERE "ClientId" = @client
        """,
        "@client");

    private static readonly Statement all = new("""SELECT "ClientId" FROM "Clients" """);

    /// <summary>The key of the client that already is what it is to become, or null.</summary>
    public async Task<Guid?> FindAsync(ClientDraft draft, ScopeSet scopes, CancellationToken cancellationToken)
    {
        if (!ClientRules.CanBeIdentifier(draft.ClientId)
            || await statements.ReadAsync(find, Read, cancellationToken, draft.ClientId) is not { } client)
        {
            return null;
        }

        var overlay = ClientOverlay.Of(draft, client, scopes, environment.IsDevelopment());
        if (overlay.Problems.Count > 0)
        {
            return null;
        }

        var before = Columns(client);
        overlay.WriteTo(client);
        return before.SequenceEqual(Columns(client)) ? client.Id : null;
    }

    /// <summary>The identifiers of all clients.</summary>
    public async Task<IReadOnlySet<string>> IdentifiersAsync(CancellationToken cancellationToken) =>
        (await statements.ReadAllAsync(all, static row => row.GetString(0), cancellationToken)).ToHashSet(StringComparer.Ordinal);

    private static Client Read(DbDataReader row) => new()
    {
        Id = row.GetGuid(0),
        ClientId = row.GetString(1),
        Metadata = row.GetString(2),
        ClientSecret = row.Text(3),
        ApplicationType = row.Text(4),
        ClientType = row.Text(5),
        ConsentType = row.Text(6),
        DisplayName = row.Text(7),
        RedirectUris = row.Text(8),
        PostLogoutRedirectUris = row.Text(9),
        JsonWebKeySet = row.Text(10),
        Permissions = row.Text(11),
        Requirements = row.Text(12),
    };

    // All that an overlay writes.
    private static string?[] Columns(Client client) =>
    [
        client.Metadata, client.ClientSecret, client.ApplicationType, client.ClientType, client.ConsentType, client.DisplayName,
        client.RedirectUris, client.PostLogoutRedirectUris, client.JsonWebKeySet, client.Permissions, client.Requirements,
    ];
}
