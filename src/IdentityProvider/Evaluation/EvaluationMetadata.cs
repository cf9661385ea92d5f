using IdentityProvider.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Evaluation;

/// <summary>
/// What this decision point has (AuthZEN §9). Subjects are not searched for, because the answer would be a list of people; resources are not, because they
/// live at the API.
/// </summary>
internal static class EvaluationMetadata
{
    public static Task AnswerAsync(HttpContext http)
    {
        var issuer = http.RequestServices.GetRequiredService<Issuer>();
        http.Response.ContentType = "application/json";
        http.Response.Headers.CacheControl = "public, max-age=3600";
        JsonResponses.Write(http.Response, issuer, static (writer, server) =>
        {
            writer.WriteStartObject();
            writer.WriteString("policy_decision_point", server.Value);
            writer.WriteString("access_evaluation_endpoint", server.UrlOf(Endpoints.Evaluation));
            writer.WriteString("access_evaluations_endpoint", server.UrlOf(Endpoints.Evaluations));
            writer.WriteString("search_action_endpoint", server.UrlOf(Endpoints.ActionSearch));
            writer.WriteEndObject();
        });
        return Task.CompletedTask;
    }
}
