using System.Buffers.Text;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;

namespace IdentityProvider.ResourceServer;

/// <summary><c>sub</c> is a string (RFC 7519 §4.1.2). The library reads the number 7 as the text "7", who is somebody else.</summary>
internal static class SubjectClaim
{
    /// <returns>False when there is one that is something else.</returns>
    public static bool IsWellFormed(JsonWebToken token)
    {
        // The library has read it before, so it is an object.
        var payload = new Utf8JsonReader(Base64Url.DecodeFromChars(token.EncodedPayload));
        payload.Read();
        while (payload.Read() && payload.TokenType == JsonTokenType.PropertyName)
        {
            var isSubject = payload.ValueTextEquals(ClaimName.Subject);
            payload.Read();
            if (isSubject && payload.TokenType != JsonTokenType.String)
            {
                return false;
            }

            payload.Skip();
        }

        return true;
    }
}
