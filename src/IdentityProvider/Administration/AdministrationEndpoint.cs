using System.Diagnostics;
using System.Net.Mime;
using System.Text;
using IdentityProvider.Audit;
using IdentityProvider.Data;
using IdentityProvider.Permissions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace IdentityProvider.Administration;

/// <summary>
/// The one door of the administration API: finds the operation, reads the token, asks what its holder may do at this moment, and only then lets
/// the operation run. 401 is for tokens, 403 for what somebody may not do (RFC 6750 §3.1).
/// </summary>
internal static class AdministrationEndpoint
{
    public const string Root = "/admin/v1";

    private const string Missing = "The request needs an access token: Authorization: Bearer, a space, the token.";
    private const string WithoutScope = "The access token does not have the scope administration.";

    // One pattern and a table of our own: nothing of it is made before somebody asks.
    public static void MapAdministration(this IEndpointRouteBuilder endpoints) => endpoints.Map(Root + "/{**path}", HandleAsync);

    private static async Task HandleAsync(HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        var answer = await AnswerAsync(http);
        switch (answer)
        {
            case Answer.Done done:
                http.Response.StatusCode = done.Status;
                if (done.Version is { } version)
                {
                    http.Response.Headers.ETag = $"\"{version}\"";
                }

                await WriteAsync(http, MediaTypeNames.Application.Json, done.Body?.ToJsonString());
                break;
            case Answer.Refused { Problem: var problem }:
                http.Response.StatusCode = problem.Status;
                await WriteAsync(http, MediaTypeNames.Application.ProblemJson, problem.ToJson(Decision.ReferenceOf(http)).ToJsonString());
                break;
            default:
                throw new UnreachableException($"Unhandled answer {answer}.");
        }
    }

    private static async Task<Answer> AnswerAsync(HttpContext http)
    {
        var path = SegmentsOf(http);
        var matching = Operations.All.Select(operation => (Operation: operation, Values: operation.Match(path))).Where(found => found.Values is not null).ToList();
        if (matching.Count == 0)
        {
            return Problem.NotFound("There is no such endpoint.");
        }

        var (operation, values) = matching.Find(found => found.Operation.Method == http.Request.Method);
        if (operation is null)
        {
            http.Response.Headers.Allow = string.Join(", ", matching.Select(found => found.Operation.Method));
            return new Problem(StatusCodes.Status405MethodNotAllowed, "This endpoint does not take this method.");
        }

        switch (await http.RequestServices.GetRequiredService<PresentedToken>().ReadAsync(http))
        {
            case TokenReading.Of { Caller: var caller }:
                return await AnswerAsync(new AdministrationRequest(http, caller, operation, values!));
            case TokenReading.Missing:
                // RFC 6750 §3.1: no error code where there was no token.
                http.Response.Headers.WWWAuthenticate = "Bearer";
                Record(http, Errors.InvalidToken, Missing, "access_token.missing", null);
                return new Problem(StatusCodes.Status401Unauthorized, Missing);
            case TokenReading.Invalid invalid:
                http.Response.Headers.WWWAuthenticate = $"Bearer error=\"{Errors.InvalidToken}\", error_description=\"{invalid.Description}\"";
                Record(http, Errors.InvalidToken, invalid.Description, invalid.Rule, null);
                return new Problem(StatusCodes.Status401Unauthorized, invalid.Description);
            case TokenReading.WithoutScope:
                http.Response.Headers.WWWAuthenticate =
                    $"Bearer error=\"{Errors.InsufficientScope}\", error_description=\"{WithoutScope}\", scope=\"{AdministrationResource.Scope}\"";
                Record(http, Errors.InsufficientScope, WithoutScope, "scope.administration_missing", null);
                return new Problem(StatusCodes.Status403Forbidden, WithoutScope);
            case var other:
                throw new UnreachableException($"Unhandled reading {other}.");
        }
    }

    private static async Task<Answer> AnswerAsync(AdministrationRequest request)
    {
        var (http, permission) = (request.Http, request.Operation.Permission);
        request.Caller.Actor.Acts(http);
        var held = await http.RequestServices.GetRequiredService<AccessHolders>()
            .FindAsync(request.Caller.Holder, AdministrationResource.Identifier, request.Aborted) ?? EffectiveAccess.None;
        var answer = RefusalOf(held.Permissions, permission) is { } problem ? problem : await request.Operation.RunAsync(request);
        if (answer is Answer.Refused { Problem: { Rule: { } rule, Detail: var detail } })
        {
            Record(http, Errors.AccessDenied, detail, rule, request.Caller.ClientId);
            await ProbedAsync(http, rule);
        }

        return answer;
    }

    /// <summary>Why somebody who holds this may not do that; null where they may.</summary>
    public static Problem? RefusalOf(IReadOnlyList<string> held, AdministrationPermission permission)
    {
        var duties = AdministrationPermission.DutiesOf(held);
        return duties.Conflict()
            ? Problem.Forbidden("administration.separation",
                $"Your roles bring {duties.Tell()} together, which nobody may have together: until one of them is taken away, none counts.")
            : held.Contains(permission.Name) ? null
            : Problem.Lacking("administration.permission", $"You do not hold the permission {permission.Name}.",
                [new ResourcePermission(AdministrationResource.Identifier, permission.Name)]);
    }

    // In the trail too: there an auditor finds it by who asked. Apart from what the operation had prepared, and also where nobody waits for the answer.
    private static async Task ProbedAsync(HttpContext http, string rule)
    {
        await using var scope = http.RequestServices.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        scope.ServiceProvider.GetRequiredService<AuditLog>().Add(
            db, AuditEventType.AdministrationRefused, succeeded: false, reason: $"{rule}: {http.Request.Method} {http.Request.Path}");
        await db.SaveChangesAsync(CancellationToken.None);
    }

    private static void Record(HttpContext http, string error, string description, string rule, string? clientId) =>
        http.RequestServices.GetRequiredService<DecisionLog>().Record(
            http, "administration", error, description, rule, clientId: clientId,
            difference: Difference.Noted("operation", $"{http.Request.Method} {http.Request.Path}"));

    // The server decodes a path but for slashes: an identifier may have some.
    private static List<string> SegmentsOf(HttpContext http) =>
    [
        .. (http.Request.Path.Value ?? "")[Root.Length..].Split('/', StringSplitOptions.RemoveEmptyEntries)
            .Select(segment => segment.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase)),
    ];

    private static async Task WriteAsync(HttpContext http, string contentType, string? body)
    {
        if (body is not null)
        {
            http.Response.Headers[HeaderNames.ContentType] = contentType;
            await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body), http.RequestAborted);
        }
    }
}
