using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace IdentityProvider.Permissions;

/// <summary>
/// What a token that is presented to this server says about access was true when it was issued: here what is true now is looked up. So it is not read at
/// all, lest somebody decides by it, and lest hundreds of claims are made and searched of which nobody asks one.
/// </summary>
internal static class PresentedAccess
{
    private static readonly object[] nothing = [];

    /// <summary>Reads the claim of a token as if it were an empty list; leaves every other claim to the library.</summary>
    public static bool PassOver(ref Utf8JsonReader reader, JwtSegmentType segment, string name, out object? value)
    {
        value = nothing;
        if (segment != JwtSegmentType.Payload || name is not (AccessClaims.Roles or AccessClaims.Groups or AccessClaims.Entitlements))
        {
            return false;
        }

        reader.Skip();
        return true;
    }
}
