using System.Text.Json;
using IdentityProvider.Audit;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace IdentityProvider.Evaluation;

/// <summary>The endpoints of AuthZEN §6, §7 and §8.6: who asks, what is asked, the answer.</summary>
internal sealed class EvaluationEndpoints(AskingApis apis, DecisionPoint point, DecisionLog log)
{
    private const string Name = "evaluation";

    public Task EvaluateAsync(HttpContext http) => AnswerAsync(http, QuestionReader.ReadOne);

    public Task EvaluateAllAsync(HttpContext http) => AnswerAsync(http, QuestionReader.ReadAll);

    public Task SearchActionsAsync(HttpContext http) => AnswerAsync(http, QuestionReader.ReadActions);

    private async Task AnswerAsync(HttpContext http, Func<JsonElement, Asked> read)
    {
        switch (await apis.FindAsync(http))
        {
            case AskingApis.Known { Api: var api } when IsJson(http.Request):
                await AnswerAsync(http, api, read);
                break;
            case AskingApis.Known { Api: var api }:
                await RefuseAsync(http, EvaluationRefusal.NotJson(api.Client.ClientId));
                break;
            case AskingApis.Refused { Refusal: var refusal }:
                await RefuseAsync(http, refusal);
                break;
        }
    }

    private async Task AnswerAsync(HttpContext http, AskingApi api, Func<JsonElement, Asked> read)
    {
        using var body = await ReadAsync(http);
        var asked = body is null ? new Asked.Malformed(QuestionReader.NotJson) : read(body.RootElement);
        var cancellationToken = http.RequestAborted;
        switch (asked)
        {
            case Asked.Decisions decisions:
                var answers = await DecideAsync(await point.OpenAsync(api, cancellationToken), decisions, cancellationToken);
                EvaluationAnswers.Write(http.Response, answers, decisions.AreOne);
                break;
            case Asked.Actions search:
                var inquiry = await point.OpenAsync(api, cancellationToken);
                if (ActionSearch.Find(search, await inquiry.FindAsync(search.Question.Subject, cancellationToken), inquiry.Api) is not { } page)
                {
                    await RefuseAsync(http, EvaluationRefusal.Malformed("page.token must be the next_token of the same search, with nothing else changed.", api.Client.ClientId));
                    return;
                }

                EvaluationAnswers.Write(http.Response, page);
                break;
            case Asked.Malformed malformed:
                await RefuseAsync(http, EvaluationRefusal.Malformed(malformed.Sentence, api.Client.ClientId));
                return;
        }

        await http.Response.BodyWriter.FlushAsync(cancellationToken);
    }

    private static async ValueTask<IReadOnlyList<AccessDecision>> DecideAsync(DecisionPoint.Inquiry inquiry, Asked.Decisions asked, CancellationToken cancellationToken)
    {
        var decisions = new List<AccessDecision>(asked.Questions.Count);
        foreach (var question in asked.Questions)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var decision = await inquiry.DecideAsync(question, cancellationToken);
            decisions.Add(decision);
            if (decision.IsPermitted ? asked.Semantic == Semantic.PermitOnFirstPermit : asked.Semantic == Semantic.DenyOnFirstDeny)
            {
                break;
            }
        }

        return decisions;
    }

    /// <returns>Null for what is not one JSON object that can be read.</returns>
    private static async Task<JsonDocument?> ReadAsync(HttpContext http)
    {
        try
        {
            var body = await JsonDocument.ParseAsync(http.Request.Body, QuestionReader.Json, http.RequestAborted);
            if (body.RootElement.ValueKind == JsonValueKind.Object && QuestionReader.IsReadable(body.RootElement))
            {
                return body;
            }

            body.Dispose();
        }
        catch (JsonException)
        {
        }
        catch (InvalidOperationException)
        {
            // A name with half of a surrogate pair, which the parser compares with the others.
        }

        return null;
    }

    // §10.1: application/json, which is UTF-8 and nothing else (RFC 8259 §8.1).
    private static bool IsJson(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
        && (!type.Charset.HasValue || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase) || type.Charset.Equals("\"utf-8\"", StringComparison.OrdinalIgnoreCase));

    // §10.1.2: the body is a sentence.
    private Task RefuseAsync(HttpContext http, EvaluationRefusal refusal)
    {
        log.Record(http, Name, refusal.Error, refusal.Sentence, refusal.Rule, clientId: refusal.ClientId);
        var response = http.Response;
        response.StatusCode = refusal.Status;
        response.ContentType = "text/plain; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        if (refusal.Status == StatusCodes.Status401Unauthorized)
        {
            response.Headers.WWWAuthenticate = apis.Challenges(refusal);
        }

        return response.WriteAsync(refusal.Sentence, http.RequestAborted);
    }
}
