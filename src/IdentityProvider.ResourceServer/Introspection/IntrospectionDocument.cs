using System.Security.Claims;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;

namespace IdentityProvider.ResourceServer;

/// <summary>Reads an introspection answer (RFC 7662 section 2.2) by the rules for the access token it stands for.</summary>
internal static class IntrospectionDocument
{
    // A member that occurs twice could be read as either: such an answer is not understood.
    private static readonly JsonDocumentOptions strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    public static IntrospectionAnswer Read(ReadOnlyMemory<byte> json, ResourceServerOptions options, DateTimeOffset now)
    {
        try
        {
            using var document = JsonDocument.Parse(json, strict);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? Read(document.RootElement, options, now)
                : new IntrospectionAnswer.Unavailable("The answer is not a JSON object.");
        }
        // Half of a surrogate pair is JSON, but no text.
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            return new IntrospectionAnswer.Unavailable("The answer is not JSON.");
        }
    }

    private static IntrospectionAnswer Read(JsonElement answer, ResourceServerOptions options, DateTimeOffset now)
    {
        if (!answer.TryGetProperty("active", out var active) || active.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            return new IntrospectionAnswer.Unavailable("The answer does not say whether the token is active.");
        }

        if (active.ValueKind == JsonValueKind.False)
        {
            return new IntrospectionAnswer.Refused("The token is not active.");
        }

        // A refresh token may be active too; only an access token has a token type (RFC 6749 §5.1).
        if (!string.Equals(Text(answer, "token_type"), "Bearer", StringComparison.OrdinalIgnoreCase) || answer.TryGetProperty(ClaimName.Confirmation, out _))
        {
            return new IntrospectionAnswer.Refused("The token is not a bearer token.");
        }

        if (!string.Equals(Text(answer, "iss"), options.Authority, StringComparison.Ordinal))
        {
            return new IntrospectionAnswer.Refused("The issuer is not the one this API trusts.");
        }

        if (!HasAudience(answer, options.Audience))
        {
            return new IntrospectionAnswer.Refused("The token is for somebody else.");
        }

        if (!TryTime(answer, "exp", out var expires) || !TryTime(answer, "nbf", out var begins))
        {
            return new IntrospectionAnswer.Unavailable("A time in the answer is no time.");
        }

        if (now >= expires + options.ClockSkew)
        {
            return new IntrospectionAnswer.Refused("The token has expired.");
        }

        return now < begins - options.ClockSkew
            ? new IntrospectionAnswer.Refused("The token is not valid yet.")
            : new IntrospectionAnswer.Active(Claims(answer), expires, UnknownGrants(answer));
    }

    private static bool HasAudience(JsonElement answer, string audience) =>
        answer.TryGetProperty("aud", out var value) && value.ValueKind switch
        {
            JsonValueKind.String => value.ValueEquals(audience),
            JsonValueKind.Array => value.EnumerateArray().Any(one => one.ValueKind == JsonValueKind.String && one.ValueEquals(audience)),
            _ => false,
        };

    private static string? Text(JsonElement answer, string name) =>
        answer.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool TryTime(JsonElement answer, string name, out DateTimeOffset? time)
    {
        time = null;
        if (!answer.TryGetProperty(name, out var value))
        {
            return true;
        }

        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt64(out var seconds) || seconds is < 0 or > 253_402_300_799 - 3600)
        {
            return false;
        }

        time = DateTimeOffset.FromUnixTimeSeconds(seconds);
        return true;
    }

    private static List<string> UnknownGrants(JsonElement answer) =>
        [.. ClaimName.Grants.Where(name => !answer.TryGetProperty(name, out var value) || !GrantClaims.IsWellFormed(value))];

    // The same claims as those of a JWT with these members.
    private static List<Claim> Claims(JsonElement answer)
    {
        var claims = new List<Claim>();
        foreach (var member in answer.EnumerateObject())
        {
            if (member.NameEquals("active") || (ClaimName.Grants.Contains(member.Name, StringComparer.Ordinal) && !GrantClaims.IsWellFormed(member.Value)))
            {
                continue;
            }

            if (member.Value.ValueKind == JsonValueKind.Array)
            {
                claims.AddRange(member.Value.EnumerateArray().Select(item => Claim(member.Name, item)));
            }
            else if (member.Value.ValueKind != JsonValueKind.Null)
            {
                claims.Add(Claim(member.Name, member.Value));
            }
        }

        return claims;
    }

    private static Claim Claim(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => new Claim(name, value.GetString()!, ClaimValueTypes.String),
        JsonValueKind.True => new Claim(name, "true", ClaimValueTypes.Boolean),
        JsonValueKind.False => new Claim(name, "false", ClaimValueTypes.Boolean),
        JsonValueKind.Number => new Claim(name, value.GetRawText(), value.TryGetInt64(out _) ? ClaimValueTypes.Integer64 : ClaimValueTypes.Double),
        _ => new Claim(name, value.GetRawText(), JsonClaimValueTypes.Json),
    };
}
