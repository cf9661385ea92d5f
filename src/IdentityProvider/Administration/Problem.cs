using System.Text.Json.Nodes;
using IdentityProvider.Permissions;
using IdentityProvider.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace IdentityProvider.Administration;

/// <summary>Why a request is not answered as it was asked for (RFC 9457).</summary>
/// <param name="Detail">What is wrong, in sentences of ASCII for whoever wrote the request.</param>
/// <param name="Rule">The rule that refused, for the record that the refusal leaves; null for what is no refusal, such as a spelling mistake.</param>
internal sealed record Problem(int Status, string Detail, string? Rule = null)
{
    /// <summary>Permissions that the caller would have to hold.</summary>
    public IReadOnlyList<ResourcePermission> Missing { get; init; } = [];

    /// <summary>What is wrong with members of the body.</summary>
    public IReadOnlyList<MetadataProblem> Members { get; init; } = [];

    public static Problem NotFound(string what) => new(StatusCodes.Status404NotFound, what);

    public static Problem Conflict(string detail) => new(StatusCodes.Status409Conflict, detail);

    public static Problem Wrong(string detail) => new(StatusCodes.Status400BadRequest, detail);

    public static Problem Wrong(IReadOnlyList<MetadataProblem> members) =>
        new(StatusCodes.Status400BadRequest, "Some members are not as they must be.") { Members = members };

    public static Problem Forbidden(string rule, string detail) => new(StatusCodes.Status403Forbidden, detail, rule);

    /// <summary>The caller lacks what the request needs.</summary>
    public static Problem Lacking(string rule, string detail, IEnumerable<ResourcePermission> missing) =>
        Forbidden(rule, detail) with
        {
            Missing = [.. missing.OrderBy(item => item.Resource, StringComparer.Ordinal).ThenBy(item => item.Permission, StringComparer.Ordinal)],
        };

    /// <param name="reference">By which an auditor finds the record of the refusal.</param>
    public JsonObject ToJson(string? reference)
    {
        var json = new JsonObject
        {
            ["type"] = "about:blank",
            ["title"] = ReasonPhrases.GetReasonPhrase(Status),
            ["status"] = Status,
            ["detail"] = Detail,
        };
        if (Missing.Count > 0)
        {
            json["missing_permissions"] = Json.Permissions(Missing);
        }

        if (Members.Count > 0)
        {
            json["errors"] = new JsonArray([.. Members.Select(member => new JsonObject { ["path"] = member.Path, ["detail"] = member.Sentence })]);
        }

        if (reference is not null)
        {
            json["reference"] = reference;
        }

        return json;
    }
}
