using System.Globalization;
using System.Security.Claims;

namespace IdentityProvider.ResourceServer;

/// <summary>Reads what an access token says of its bearer. Everything is compared byte for byte.</summary>
public static class AccessTokenClaims
{
    /// <summary>Whether the access token carries this scope (RFC 6749 section 3.3).</summary>
    /// <param name="user">The caller.</param>
    /// <param name="scope">One scope, such as <c>notes.read</c>.</param>
    /// <returns>True when the <c>scope</c> claim, a list separated by spaces (RFC 9068 section 2.2.3), holds it.</returns>
    public static bool HasScope(this ClaimsPrincipal user, string scope)
    {
        ArgumentNullException.ThrowIfNull(user);

        foreach (var claim in user.Claims)
        {
            if (IsText(claim, ClaimName.Scope) && Contains(claim.Value, scope))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the caller has this permission at this API (RFC 9068 section 2.2.3.1).</summary>
    /// <param name="user">The caller.</param>
    /// <param name="permission">One permission, such as <c>posts.delete</c>.</param>
    /// <returns>True when the <c>entitlements</c> claim holds it.</returns>
    /// <remarks>
    /// With <see cref="IntrospectionUse.MissingPermissions"/> the permissions of a token that left them out are known only
    /// after a guard or a requirement has asked for one.
    /// </remarks>
    public static bool HasPermission(this ClaimsPrincipal user, string permission)
    {
        ArgumentNullException.ThrowIfNull(user);

        return user.Holds(ClaimName.Entitlements, permission);
    }

    /// <summary>The <c>sub</c> of the access token.</summary>
    /// <param name="user">The caller.</param>
    /// <returns>Null when there is none, or more than one, or it is empty or no string.</returns>
    public static string? GetSubject(this ClaimsPrincipal user)
    {
        ArgumentNullException.ThrowIfNull(user);

        return user.Single(ClaimName.Subject) is { Value.Length: > 0 } claim && IsText(claim, ClaimName.Subject) ? claim.Value : null;
    }

    /// <summary>When the person signed in, by <c>auth_time</c> (RFC 9068 section 2.2.1).</summary>
    /// <returns>Seconds since 1970; null when the token does not say, or not in a way that makes sense.</returns>
    internal static long? AuthenticationTime(this ClaimsPrincipal user) =>
        user.Single(ClaimName.AuthenticationTime) is { } claim
        && long.TryParse(claim.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? seconds
            : null;

    // A set would cost more to make, for each request, than the comparisons that it saves: 40 claims are read in less than a microsecond.
    internal static bool Holds(this ClaimsPrincipal user, string type, string value)
    {
        foreach (var identity in user.Identities)
        {
            foreach (var claim in identity.Claims)
            {
                // The value first: it is what differs.
                if (string.Equals(claim.Value, value, StringComparison.Ordinal) && IsText(claim, type))
                {
                    return true;
                }
            }
        }

        return false;
    }

    internal static Claim? Single(this ClaimsPrincipal user, string type)
    {
        Claim? found = null;
        foreach (var claim in user.Claims)
        {
            if (string.Equals(claim.Type, type, StringComparison.Ordinal))
            {
                if (found is not null)
                {
                    return null;
                }

                found = claim;
            }
        }

        return found;
    }

    // The number 1 is not the string "1", though both become a claim with that value.
    private static bool IsText(Claim claim, string type) =>
        string.Equals(claim.Type, type, StringComparison.Ordinal) && claim.ValueType == ClaimValueTypes.String;

    private static bool Contains(ReadOnlySpan<char> list, ReadOnlySpan<char> scope)
    {
        foreach (var part in list.Split(' '))
        {
            if (scope.Length > 0 && list[part].SequenceEqual(scope))
            {
                return true;
            }
        }

        return false;
    }
}
