using System.Security.Claims;
using IdentityProvider.Clients;
using IdentityProvider.Data;
using OpenIddict.Abstractions;

namespace IdentityProvider.TokenExchange;

/// <summary>
/// Whom an access token stands for, and whether they may still have tokens. The token itself names a person as its client knows them
/// (OpenID Connect Core §8); the grant that it hangs on knows who that is.
/// </summary>
internal sealed class TokenHolders(Statements statements, ClientCatalog clients)
{
    private static readonly Statement find = new(
        """
        SELECT u."Subject", u."DisabledAt" FROM "Grants" AS g INNER JOIN "Users" AS u ON u."Subject" = g."Subject"
        WHERE g."Id" = @grant
        """,
        "@grant");

    public async Task<TokenHolder> FindAsync(ClaimsPrincipal token, CancellationToken cancellationToken)
    {
        var named = token.GetClaim(ClaimNames.Subject)!;
        if (!token.HasClaim(ClaimNames.AuthenticationTime))
        {
            // A client that acts for itself signed in nowhere; its token is its own (RFC 9068 §2.2).
            return new TokenHolder(named, await clients.FindAsync(named, cancellationToken) is null);
        }

        var person = Guid.TryParse(token.GetAuthorizationId(), out var grantId)
            ? await statements.ReadAsync(find, static row => new TokenHolder(row.GetString(0), !row.IsDBNull(1)), cancellationToken, grantId)
            : null;
        return person ?? new TokenHolder(named, IsGone: true);
    }
}

/// <param name="Subject">The person's own subject, or the client's identifier.</param>
internal sealed record TokenHolder(string Subject, bool IsGone);
