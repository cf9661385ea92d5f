using System.Security.Claims;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;

namespace IdentityProvider.ResourceServer;

/// <summary>
/// <c>roles</c>, <c>groups</c> and <c>entitlements</c> are arrays of strings (RFC 9068 section 2.2.3.1). What is anything else grants
/// nothing at all: <c>"roles": "admin"</c> would otherwise become the same claim as <c>"roles": ["admin"]</c>.
/// </summary>
internal static class GrantClaims
{
    /// <returns>Those that the token does not have, or that were removed.</returns>
    public static IReadOnlyList<string> RemoveMalformed(ClaimsIdentity identity, JsonWebToken token)
    {
        List<string> unknown = [];
        foreach (var name in ClaimName.Grants)
        {
            if (!token.TryGetPayloadValue<object>(name, out var value))
            {
                unknown.Add(name);
            }
            else if (value is not JsonElement array || !IsWellFormed(array))
            {
                unknown.Add(name);
                Remove(identity, name);
            }
        }

        return unknown;
    }

    /// <summary>Whether a token says nothing about what its bearer may do, which is not the same as saying "nothing".</summary>
    public static bool AreLeftOut(JsonWebToken token)
    {
        foreach (var name in ClaimName.Grants)
        {
            if (token.TryGetPayloadValue<object>(name, out _))
            {
                return false;
            }
        }

        return true;
    }

    public static bool IsWellFormed(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            return false;
        }

        foreach (var item in value.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.String)
            {
                return false;
            }
        }

        return true;
    }

    private static void Remove(ClaimsIdentity identity, string name)
    {
        foreach (var claim in identity.Claims.Where(claim => claim.Type == name).ToList())
        {
            identity.RemoveClaim(claim);
        }
    }
}
