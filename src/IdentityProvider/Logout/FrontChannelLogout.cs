using IdentityProvider.Clients;
using IdentityProvider.Data;
using IdentityProvider.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace IdentityProvider.Logout;

/// <summary>
/// OpenID Connect Front-Channel Logout: after a session has ended, the person's browser opens a page of every client that registered one
/// and was given anything in that session.
/// </summary>
internal sealed class FrontChannelLogout(
    Statements statements, ClientCatalog clients, IOpenIddictApplicationManager applications, FrontChannelRequests requests, Issuer issuer)
{
    // Whatever became of the grant: the client may have a session of its own that began with it.
    private static readonly Statement find = new(
        """
        WITH RECURSIVE chain("Sid", "Before") AS (
            SELECT CAST(@sid AS text), 0
            UNION ALL
            SELECT CAST(s."Continues" AS text), c."Before" + 1 FROM chain AS c INNER JOIN "Sessions" AS s ON s."Id" = c."Sid" WHERE s."Continues" IS NOT NULL
        )
        SELECT DISTINCT g."ApplicationId", c."Sid", c."Before"
        FROM chain AS c INNER JOIN "Grants" AS g ON g."SessionId" = c."Sid" WHERE g."ApplicationId" IS NOT NULL
        ORDER BY c."Before"
        """,
        "@sid");

    /// <summary>The parameter of the page <c>/logged-out</c>.</summary>
    public const string Parameter = "apps";

    // A request line has 8 kB. Signing out matters more than the way back.
    private const int Longest = 7000;

    /// <summary>The query of the page that tells the clients of a session that has ended; null when there is none to tell.</summary>
    public async Task<QueryString?> PageForAsync(string sid, LogoutRequest? then, CancellationToken cancellationToken)
    {
        if ((await ClientsAsync(sid, cancellationToken)).Count == 0)
        {
            return null;
        }

        var request = requests.Seal(new FrontChannelRequest(sid, then?.PostLogoutRedirectUri is null ? null : then));
        return QueryString.Create(Parameter, request.Length <= Longest ? request : requests.Seal(new FrontChannelRequest(sid, Then: null)));
    }

    /// <summary>What the page shows; null when it was opened for another reason.</summary>
    public async Task<FrontChannelPage?> OpenAsync(string? sealedRequest, CancellationToken cancellationToken)
    {
        if (requests.Open(sealedRequest) is not { } request)
        {
            return null;
        }

        var frames =
            from told in await ClientsAsync(request.Sid, cancellationToken)
            let address = told.Client.Metadata.FrontChannelLogoutUri!
            select new FrontChannelFrame(
                told.Client.DisplayName,
                ClientOrigins.Of([address]).First(),
                // §3: a query of its own is kept; the client learns whose token it was and which session.
                QueryHelpers.AddQueryString(address, new Dictionary<string, string?> { [Parameters.Iss] = issuer.Value, ["sid"] = told.Sid }));
        return new FrontChannelPage([.. frames], await ReturnAsync(request.Then, cancellationToken));
    }

    /// <summary>Where a client wants the person back, if it has that address registered now: it may have withdrawn it since.</summary>
    public async Task<FrontChannelReturn?> ReturnAsync(LogoutRequest? asked, CancellationToken cancellationToken)
    {
        if (asked is not { ClientId: { } clientId, PostLogoutRedirectUri: { } address }
            || await clients.FindAsync(clientId, cancellationToken) is not { } client
            || !await applications.ValidatePostLogoutRedirectUriAsync(client.Entity, address, cancellationToken))
        {
            return null;
        }

        return new FrontChannelReturn(
            client.DisplayName, asked.State is null ? address : QueryHelpers.AddQueryString(address, Parameters.State, asked.State));
    }

    /// <summary>Each client once, with the sid it knows: of the latest of the continued sessions in which it was given anything.</summary>
    private async Task<IReadOnlyList<(RegisteredClient Client, string Sid)>> ClientsAsync(string sid, CancellationToken cancellationToken)
    {
        var given = await statements.ReadAllAsync(find, static row => (Client: row.GetGuid(0), Sid: row.GetString(1)), cancellationToken, sid);
        List<(RegisteredClient Client, string Sid)> told = [];
        foreach (var grant in given.DistinctBy(grant => grant.Client))
        {
            if (await clients.FindByRowAsync(grant.Client, cancellationToken) is { Metadata.FrontChannelLogoutUri: not null } client)
            {
                told.Add((client, grant.Sid));
            }
        }

        return [.. told.OrderBy(one => one.Client.DisplayName, StringComparer.OrdinalIgnoreCase)];
    }
}

/// <param name="Frames">The clients' pages.</param>
/// <param name="Return">Where the person goes on to, or null.</param>
internal sealed record FrontChannelPage(IReadOnlyList<FrontChannelFrame> Frames, FrontChannelReturn? Return);

internal sealed record FrontChannelFrame(string ClientName, string Origin, string Address);

/// <param name="Address">Registered by the client, with its state.</param>
internal sealed record FrontChannelReturn(string ClientName, string Address);
