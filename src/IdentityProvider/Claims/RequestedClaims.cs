using System.Text.Json;

namespace IdentityProvider.Claims;

/// <summary>
/// What a request's <c>claims</c> parameter asks for (OpenID Connect Core §5.5): only what this server could give;
/// the specification wants everything else ignored.
/// </summary>
/// <param name="UserInfo">Standard claims for the userinfo answer, in the order of <see cref="StandardClaims.All"/>.</param>
/// <param name="IdToken">Standard claims for the id_token.</param>
/// <param name="Subjects">The subjects that the request may be about; null when it may be about anybody.</param>
/// <param name="Acr">The authentication context classes asked for, the most wanted first.</param>
/// <param name="RequiresAcr">Whether none but these will do (§5.5.1.1, <c>essential</c>).</param>
internal sealed record RequestedClaims(
    IReadOnlyList<string> UserInfo, IReadOnlyList<string> IdToken, IReadOnlyList<string>? Subjects, IReadOnlyList<string> Acr, bool RequiresAcr)
{
    private const int MaximumCharacters = 8 * 1024;

    // A name that comes twice could be read one way here and another way elsewhere.
    private static readonly JsonDocumentOptions strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    public static RequestedClaims None { get; } = new([], [], null, [], RequiresAcr: false);

    /// <summary>Both lists together, each claim once.</summary>
    public IEnumerable<string> Names => UserInfo.Union(IdToken, StringComparer.Ordinal);

    /// <summary>Reads the value of the parameter; null when it is not what §5.5 describes.</summary>
    public static RequestedClaims? Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return None;
        }

        if (text.Length > MaximumCharacters)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(text, strict);
            return Read(document.RootElement);
        }
        catch (JsonException)
        {
            return null;
        }
        catch (InvalidOperationException)
        {
            // RFC 8259 §8.2: half a character, escaped, is JSON by its grammar, but no text that could be read.
            return null;
        }
    }

    private static RequestedClaims? Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object
            || ReadMember(root, "userinfo") is not { } userInfo
            || ReadMember(root, "id_token") is not { } idToken)
        {
            return null;
        }

        // §5.5.1: the value of sub says whom the request is about, wherever it stands.
        var subjects = (userInfo.GetValueOrDefault(ClaimNames.Subject)?.Values, idToken.GetValueOrDefault(ClaimNames.Subject)?.Values) switch
        {
            ({ } one, { } other) => one.Intersect(other, StringComparer.Ordinal).ToList(),
            var (one, other) => one ?? other,
        };
        var acr = idToken.GetValueOrDefault(ClaimNames.AuthenticationContextReference);
        return new RequestedClaims(Standard(userInfo), Standard(idToken), subjects, acr?.Values ?? [], acr is { Essential: true, Values: not null });
    }

    private static List<string> Standard(Dictionary<string, Requested> claims) =>
        [.. StandardClaims.All.Where(name => name != ClaimNames.Subject && claims.ContainsKey(name))];

    private static Dictionary<string, Requested>? ReadMember(JsonElement root, string member)
    {
        var claims = new Dictionary<string, Requested>(StringComparer.Ordinal);
        if (!root.TryGetProperty(member, out var asked) || asked.ValueKind == JsonValueKind.Null)
        {
            return claims;
        }

        if (asked.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        foreach (var claim in asked.EnumerateObject())
        {
            if (ReadClaim(claim) is not { } requested)
            {
                return null;
            }

            claims[claim.Name] = requested;
        }

        return claims;
    }

    private static Requested? ReadClaim(JsonProperty claim)
    {
        if (claim.Value.ValueKind == JsonValueKind.Null)
        {
            return new Requested(Essential: false, Values: null);
        }

        if (claim.Value.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var essential = claim.Value.TryGetProperty("essential", out var flag);
        var single = claim.Value.TryGetProperty("value", out var value);
        var several = claim.Value.TryGetProperty("values", out var values);
        if ((essential && flag.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            || (several && (single || values.ValueKind != JsonValueKind.Array || values.GetArrayLength() == 0)))
        {
            return null;
        }

        JsonElement[] wanted = single ? [value] : several ? [.. values.EnumerateArray()] : [];
        if (claim.Name is ClaimNames.Subject or ClaimNames.AuthenticationContextReference
            && wanted.Any(item => item.ValueKind != JsonValueKind.String))
        {
            return null;
        }

        // Of other claims people have the values they have.
        var texts = wanted.Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!).ToList();
        return new Requested(essential && flag.GetBoolean(), single || several ? texts : null);
    }

    private sealed record Requested(bool Essential, IReadOnlyList<string>? Values);
}
