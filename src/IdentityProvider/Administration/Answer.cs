using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace IdentityProvider.Administration;

/// <summary>What becomes of a request.</summary>
internal abstract record Answer
{
    private Answer()
    {
    }

    /// <param name="Body">Null where there is nothing to tell.</param>
    public sealed record Done(int Status, JsonObject? Body) : Answer
    {
        /// <summary>The version of what was read or written (RFC 9110 §8.8.3), without quotes.</summary>
        public string? Version { get; init; }
    }

    public sealed record Refused(Problem Problem) : Answer;

    public static Answer Nothing { get; } = new Done(StatusCodes.Status204NoContent, null);

    public static Done Ok(JsonObject body) => new(StatusCodes.Status200OK, body);

    public static implicit operator Answer(Problem problem) => new Refused(problem);

    public static Answer FromProblem(Problem problem) => new Refused(problem);
}
