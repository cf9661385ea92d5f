using IdentityProvider.Protocol;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Evaluation;

/// <summary>
/// Decisions for APIs that ask (OpenID AuthZEN Authorization API 1.0): may this subject do that to this resource?
/// Endpoints: /access/v1/evaluation, /access/v1/evaluations, /access/v1/search/action, /.well-known/authzen-configuration.
/// </summary>
internal static class EvaluationFeature
{
    public static IServiceCollection AddEvaluation(this IServiceCollection services) => services
        .AddSingleton<AskingApis>()
        .AddSingleton<DecisionPoint>()
        .AddSingleton<EvaluationEndpoints>();

    // As plain delegates: from one with parameters the framework would compile code at each start.
    public static void MapEvaluation(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost(Endpoints.Evaluation, static http => In(http).EvaluateAsync(http));   // §6
        endpoints.MapPost(Endpoints.Evaluations, static http => In(http).EvaluateAllAsync(http)); // §7
        endpoints.MapPost(Endpoints.ActionSearch, static http => In(http).SearchActionsAsync(http)); // §8.6
        endpoints.MapGet(Endpoints.AccessConfiguration, EvaluationMetadata.AnswerAsync); // §9
        // §9.2, RFC 8615: before the path of an issuer that has one. A proxy that strips the path takes away nothing here.
        if (endpoints.ServiceProvider.GetRequiredService<Issuer>().PathBase is { Length: > 0 } path)
        {
            endpoints.MapGet(Endpoints.AccessConfiguration + path, EvaluationMetadata.AnswerAsync);
        }
    }

    private static EvaluationEndpoints In(HttpContext http) => http.RequestServices.GetRequiredService<EvaluationEndpoints>();
}
