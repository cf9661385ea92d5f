using System.Security.Claims;
using IdentityProvider.Clients;
using IdentityProvider.Data;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;

namespace IdentityProvider.TokenExchange;

/// <summary>
/// Whom an access token stands for, and whether they may still have tokens. The token itself names a person as its client knows them
/// (OpenID Connect Core §8); the grant that it hangs on knows who that is.
/// </summary>
internal sealed class TokenHolders(AppDbContext db, ClientCatalog clients)
{
    public async Task<TokenHolder> FindAsync(ClaimsPrincipal token, CancellationToken cancellationToken)
    {
        var named = token.GetClaim(ClaimNames.Subject)!;
        if (!token.HasClaim(ClaimNames.AuthenticationTime))
        {
            // A client that acts for itself signed in nowhere; its token is its own (RFC 9068 §2.2).
            return new TokenHolder(named, await clients.FindAsync(named, cancellationToken) is null);
        }

        var person = Guid.TryParse(token.GetAuthorizationId(), out var grantId)
            ? await (from grant in db.Set<Grant>()
                     where grant.Id == grantId
                     join user in db.Users on grant.Subject equals user.Subject
                     select new { user.Subject, user.DisabledAt }).SingleOrDefaultAsync(cancellationToken)
            : null;
        return person is null ? new TokenHolder(named, IsGone: true) : new TokenHolder(person.Subject, person.DisabledAt is not null);
    }
}

/// <param name="Subject">The person's own subject, or the client's identifier.</param>
internal sealed record TokenHolder(string Subject, bool IsGone);
