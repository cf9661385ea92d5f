using System.Security.Claims;

namespace IdentityProvider.Claims;

/// <summary>
/// What tokens are made of. The library copies it for each kind of token, and looks through its claims dozens of times in a request; the framework's
/// makes an iterator, which allocates two more, each time.
/// </summary>
internal sealed class TokenIdentity : ClaimsIdentity
{
    // The library adds about as many to each copy.
    private const int Spare = 8;

    private readonly List<Claim> claims;

    /// <param name="claims">Become its own; those that belong to another identity are copied.</param>
    public TokenIdentity(string? scheme, IReadOnlyCollection<Claim> claims)
        : this(scheme, claims.Count) => AddClaims(claims);

    private TokenIdentity(string? scheme, int count)
        : base(scheme, ClaimNames.Name, ClaimNames.Role) => claims = new List<Claim>(count + Spare);

    public override IEnumerable<Claim> Claims => claims;

    public override void AddClaim(Claim claim)
    {
        ArgumentNullException.ThrowIfNull(claim);
        claims.Add(claim.Subject == this ? claim : claim.Clone(this));
    }

    public override void AddClaims(IEnumerable<Claim?> claims)
    {
        ArgumentNullException.ThrowIfNull(claims);
        foreach (var claim in claims)
        {
            if (claim is not null)
            {
                AddClaim(claim);
            }
        }
    }

    public override bool TryRemoveClaim(Claim? claim)
    {
        for (var index = 0; index < claims.Count; index++)
        {
            if (ReferenceEquals(claims[index], claim))
            {
                claims.RemoveAt(index);
                return true;
            }
        }

        return false;
    }

    public override void RemoveClaim(Claim? claim)
    {
        if (!TryRemoveClaim(claim))
        {
            throw new InvalidOperationException("It has no such claim.");
        }
    }

    public override IEnumerable<Claim> FindAll(string type)
    {
        ArgumentNullException.ThrowIfNull(type);
        Claim? first = null;
        List<Claim>? more = null;
        foreach (var claim in claims)
        {
            if (!Is(claim, type))
            {
                continue;
            }

            if (first is null)
            {
                first = claim;
            }
            else
            {
                (more ??= [first]).Add(claim);
            }
        }

        if (more is not null)
        {
            return more;
        }

        return first is null ? Array.Empty<Claim>() : new[] { first };
    }

    public override Claim? FindFirst(string type)
    {
        ArgumentNullException.ThrowIfNull(type);
        foreach (var claim in claims)
        {
            if (Is(claim, type))
            {
                return claim;
            }
        }

        return null;
    }

    public override ClaimsIdentity Clone()
    {
        var copy = new TokenIdentity(AuthenticationType, claims.Count) { Label = Label, BootstrapContext = BootstrapContext, Actor = Actor?.Clone() };
        foreach (var claim in claims)
        {
            // A claim never changes but for its properties, such as its destinations, of which the library's own claims have none.
            copy.claims.Add(claim.Type.StartsWith(ClaimNames.Prefixes.Private, StringComparison.Ordinal) ? claim : claim.Clone(copy));
        }

        return copy;
    }

    // Types are not case-sensitive to the framework, and are mostly told apart by their length.
    private static bool Is(Claim claim, string type) =>
        claim.Type.Length == type.Length && claim.Type.Equals(type, StringComparison.OrdinalIgnoreCase);
}
