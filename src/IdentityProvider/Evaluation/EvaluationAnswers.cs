using System.Text.Json;
using IdentityProvider.Protocol;
using Microsoft.AspNetCore.Http;

namespace IdentityProvider.Evaluation;

/// <summary>How answers look (AuthZEN §6.2, §7.2, §8.3).</summary>
internal static class EvaluationAnswers
{
    private static readonly JsonEncodedText evaluations = JsonEncodedText.Encode("evaluations");
    private static readonly JsonEncodedText decision = JsonEncodedText.Encode("decision");
    private static readonly JsonEncodedText context = JsonEncodedText.Encode("context");
    private static readonly JsonEncodedText administrator = JsonEncodedText.Encode("reason_admin");
    private static readonly JsonEncodedText user = JsonEncodedText.Encode("reason_user");
    private static readonly JsonEncodedText english = JsonEncodedText.Encode("en");

    public static void Write(HttpResponse response, IReadOnlyList<AccessDecision> decisions, bool areOne)
    {
        Describe(response);
        JsonResponses.Write(response, (decisions, areOne), static (writer, answer) =>
        {
            if (answer.areOne)
            {
                WriteDecision(writer, answer.decisions[0]);
                return;
            }

            writer.WriteStartObject();
            writer.WriteStartArray(evaluations);
            foreach (var decided in answer.decisions)
            {
                WriteDecision(writer, decided);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }

    public static void Write(HttpResponse response, ActionPage page)
    {
        Describe(response);
        JsonResponses.Write(response, page, static (writer, found) =>
        {
            writer.WriteStartObject();
            writer.WriteStartObject("page");
            writer.WriteString("next_token", found.NextToken);
            writer.WriteNumber("count", found.Names.Count);
            writer.WriteEndObject();
            writer.WriteStartArray("results");
            foreach (var name in found.Names)
            {
                writer.WriteStartObject();
                writer.WriteString("name", name);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }

    private static void WriteDecision(Utf8JsonWriter writer, AccessDecision decided)
    {
        writer.WriteStartObject();
        writer.WriteBoolean(decision, decided.IsPermitted);
        writer.WriteStartObject(context);
        WriteReason(writer, administrator, decided.Reason);
        if (decided.UserReason is { } reason)
        {
            WriteReason(writer, user, reason);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteReason(Utf8JsonWriter writer, JsonEncodedText whom, string reason)
    {
        writer.WriteStartObject(whom);
        writer.WriteString(english, reason);
        writer.WriteEndObject();
    }

    // What somebody may do is true only now.
    private static void Describe(HttpResponse response)
    {
        response.ContentType = "application/json";
        response.Headers.CacheControl = "no-store";
    }
}
