using Microsoft.AspNetCore.Http;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace IdentityProvider.Evaluation;

/// <summary>Why a request is not answered with a decision (AuthZEN §10.1.2). A denial is no refusal: it is an answer.</summary>
/// <param name="Error">One word for the record; the caller is told the sentence.</param>
/// <param name="ClientId">As the request names it.</param>
internal sealed record EvaluationRefusal(int Status, string Error, string Rule, string Sentence, string? ClientId = null)
{
    /// <summary>The caller has not shown who it is.</summary>
    public static EvaluationRefusal Unauthenticated(string error, string rule, string sentence, string? clientId = null) =>
        new(StatusCodes.Status401Unauthorized, error, rule, sentence, clientId);

    /// <summary>It has, and may not ask.</summary>
    public static EvaluationRefusal Forbidden(string rule, string sentence, string clientId) =>
        new(StatusCodes.Status403Forbidden, Errors.AccessDenied, rule, sentence, clientId);

    public static EvaluationRefusal Malformed(string sentence, string clientId) =>
        new(StatusCodes.Status400BadRequest, Errors.InvalidRequest, "evaluation.malformed", sentence, clientId);

    public static EvaluationRefusal NotJson(string clientId) => new(
        StatusCodes.Status415UnsupportedMediaType, Errors.InvalidRequest, "evaluation.content_type", "The Content-Type must be application/json, in UTF-8.", clientId);
}
