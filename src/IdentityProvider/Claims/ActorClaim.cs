using System.Security.Claims;
using System.Text.Json;
using System.Text.Json.Nodes;
using OpenIddict.Abstractions;

namespace IdentityProvider.Claims;

/// <summary>Who acts for the subject of a token (RFC 8693 §4.1, <c>act</c>), and who alone may (§4.4, <c>may_act</c>).</summary>
internal static class ActorClaim
{
    public const string Act = "act";
    public const string MayAct = "may_act";

    /// <summary>The claim as the JSON object it is, or null when there is none.</summary>
    public static JsonObject? Read(ClaimsPrincipal principal, string name)
    {
        if (principal.GetClaim(name) is not { Length: > 0 } json)
        {
            return null;
        }

        try
        {
            return JsonNode.Parse(json) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The claim with a new actor before those that acted until now.</summary>
    public static JsonObject Chain(string actor, JsonObject? earlier)
    {
        var act = new JsonObject { [ClaimNames.Subject] = actor };
        if (earlier is not null)
        {
            act[Act] = earlier.DeepClone();
        }

        return act;
    }

    /// <summary>How many acted one after the other.</summary>
    public static int Depth(JsonObject? act)
    {
        var depth = 0;
        for (; act is not null; act = act[Act] as JsonObject)
        {
            depth++;
        }

        return depth;
    }

    /// <summary>The claim as it stands in an answer of ours, or null.</summary>
    public static OpenIddictParameter? Parameter(ClaimsPrincipal principal, string name) =>
        Read(principal, name) is { } value ? new OpenIddictParameter(JsonSerializer.SerializeToElement(value)) : (OpenIddictParameter?)null;
}
