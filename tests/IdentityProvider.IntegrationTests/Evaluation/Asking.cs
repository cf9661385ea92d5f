using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using IdentityProvider.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.IntegrationTests.Evaluation;

/// <summary>An API that asks for decisions.</summary>
internal static class Asking
{
    public const string One = "access/v1/evaluation";
    public const string All = "access/v1/evaluations";
    public const string Actions = "access/v1/search/action";

    /// <summary>Any body, under the client's secret.</summary>
    public static Task<ProtocolResponse> AskAsync(this RelyingParty api, string body, string path = One, string type = "application/json") =>
        api.AskAsync(body, Wire.Basic(api.ClientId, api.Secret!), path, type);

    public static Task<ProtocolResponse> AskAsync(this RelyingParty api, string body, string authorization, string path, string type)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        return api.SendAsync(request);
    }

    /// <summary>May this person do that?</summary>
    public static async Task<bool> MayAsync(this RelyingParty api, string subject, string action, string resourceType = "post", string subjectType = "user") =>
        Decided((await api.AskAsync(Question(subject, action, resourceType, subjectType))).OrFail().Json);

    public static string Question(string subject, string action, string resourceType = "post", string subjectType = "user") =>
        $$"""{ "subject": { "type": "{{subjectType}}", "id": "{{subject}}" }, "action": { "name": "{{action}}" }, "resource": { "type": "{{resourceType}}", "id": "1" } }""";

    public static bool Decided(JsonElement decision) => decision.GetProperty("decision").GetBoolean();

    /// <summary>So that the person may no longer sign in; whatever caches there are hear nothing of it.</summary>
    public static async Task DisableAsync(this ProviderHost host, TestPerson person)
    {
        await using var scope = host.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<AppDbContext>().Users.Where(user => user.Id == person.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(user => user.DisabledAt, host.Clock.GetUtcNow().UtcDateTime));
    }

    /// <summary>The decisions of a list, one letter for each.</summary>
    public static string DecidedAll(ProtocolResponse answer)
    {
        var list = answer.OrFail().Json.GetProperty("evaluations");
        Assert.False(answer.Json.TryGetProperty("decision", out _));
        return string.Concat(list.EnumerateArray().Select(decision => Decided(decision) ? 'T' : 'F'));
    }

    public static string ReasonOf(JsonElement decision) => decision.GetProperty("context").GetProperty("reason_admin").GetProperty("en").GetString()!;
}
