using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;
using IdentityProvider.Policies;

namespace IdentityProvider.Evaluation;

/// <summary>Reads what is asked (AuthZEN §6.1, §7.1, §8.6.1). The first thing that is wrong is told; members that nobody knows are passed over (§10.1.1).</summary>
internal sealed class QuestionReader
{
    public const int MostQuestions = 100;
    public const int LongestPage = 100;

    private const int Deepest = 32;

    private string? problem;

    private QuestionReader()
    {
    }

    /// <summary>RFC 7493: a name twice in an object would mean one thing here and another there.</summary>
    public static JsonDocumentOptions Json => new() { MaxDepth = Deepest, AllowDuplicateProperties = false };

    public static string NotJson { get; } =
        $"The body must be one JSON object in UTF-8, at most {Deepest} levels deep, with every name once in its object and no half of a surrogate pair.";

    /// <summary>Whether all texts are such that they can be read: the parser looks at them only when somebody asks for them.</summary>
    public static bool IsReadable(JsonElement body)
    {
        var text = JsonMarshal.GetRawUtf8Value(body);
        return Utf8.IsValid(text) && (text.IndexOf("\\u"u8) < 0 || HasWholeCharacters(body));
    }

    public static Asked ReadOne(JsonElement body)
    {
        var reader = new QuestionReader();
        var question = reader.Question(body, Parts.None, "");
        return reader.problem is { } wrong ? new Asked.Malformed(wrong) : new Asked.Decisions([question!], Semantic.ExecuteAll, AreOne: true);
    }

    public static Asked ReadAll(JsonElement body)
    {
        var reader = new QuestionReader();
        var semantic = reader.SemanticOf(body);
        if (!body.TryGetProperty("evaluations", out var list) || list is { ValueKind: JsonValueKind.Array } && list.GetArrayLength() == 0)
        {
            return reader.problem is { } already ? new Asked.Malformed(already) : ReadOne(body);
        }

        var questions = reader.Questions(list, reader.PartsOf(body, ""));
        return reader.problem is { } wrong ? new Asked.Malformed(wrong) : new Asked.Decisions(questions, semantic, AreOne: false);
    }

    public static Asked ReadActions(JsonElement body)
    {
        var reader = new QuestionReader();
        var page = reader.Object(body, "page", "");
        var limit = reader.Limit(page);
        var token = page.ValueKind == JsonValueKind.Undefined || !page.TryGetProperty("token", out _) ? null : reader.Text(page, "token", "page.");
        var question = reader.Question(body, Parts.None with { Action = new ActionFacts("", default) }, "");
        return reader.problem is { } wrong ? new Asked.Malformed(wrong) : new Asked.Actions(question!, limit, token is "" ? null : token, body);
    }

    private List<Question> Questions(JsonElement list, Parts defaults)
    {
        var questions = new List<Question>();
        if (list.ValueKind != JsonValueKind.Array)
        {
            Wrong("evaluations must be an array.");
            return questions;
        }

        if (list.GetArrayLength() > MostQuestions)
        {
            Wrong($"evaluations may have {MostQuestions} members at most.");
            return questions;
        }

        foreach (var item in list.EnumerateArray())
        {
            var path = $"evaluations[{questions.Count}]";
            if (item.ValueKind != JsonValueKind.Object)
            {
                Wrong(path + " must be an object.");
            }

            if (problem is not null || Question(item, defaults, path + ".") is not { } question)
            {
                return questions;
            }

            questions.Add(question);
        }

        return questions;
    }

    private Question? Question(JsonElement from, Parts defaults, string path)
    {
        var own = PartsOf(from, path);
        var subject = own.Subject ?? defaults.Subject;
        var action = own.Action ?? defaults.Action;
        var resource = own.Resource ?? defaults.Resource;
        if (subject is null || action is null || resource is null)
        {
            Wrong($"{path}{(subject is null ? "subject" : action is null ? "action" : "resource")} is missing.");
            return null;
        }

        return new Question(subject, action, resource, own.Context.ValueKind == JsonValueKind.Undefined ? defaults.Context : own.Context);
    }

    private Parts PartsOf(JsonElement from, string path)
    {
        var (subject, action, resource) = (Object(from, "subject", path), Object(from, "action", path), Object(from, "resource", path));
        return new Parts(
            subject.ValueKind == JsonValueKind.Undefined ? null
                : new AskedSubject(Text(subject, "type", path + "subject."), Text(subject, "id", path + "subject."), Object(subject, "properties", path + "subject.")),
            action.ValueKind == JsonValueKind.Undefined ? null
                : new ActionFacts(Text(action, "name", path + "action."), Object(action, "properties", path + "action.")),
            resource.ValueKind == JsonValueKind.Undefined ? null
                : new ResourceFacts(Text(resource, "type", path + "resource."), Text(resource, "id", path + "resource."), Object(resource, "properties", path + "resource.")),
            Object(from, "context", path));
    }

    private Semantic SemanticOf(JsonElement body)
    {
        var options = Object(body, "options", "");
        if (options.ValueKind == JsonValueKind.Undefined || !options.TryGetProperty("evaluations_semantic", out var named))
        {
            return Semantic.ExecuteAll;
        }

        switch (named.ValueKind == JsonValueKind.String ? named.GetString() : null)
        {
            case "execute_all":
                return Semantic.ExecuteAll;
            case "deny_on_first_deny":
                return Semantic.DenyOnFirstDeny;
            case "permit_on_first_permit":
                return Semantic.PermitOnFirstPermit;
            default:
                Wrong("options.evaluations_semantic must be execute_all, deny_on_first_deny or permit_on_first_permit.");
                return Semantic.ExecuteAll;
        }
    }

    private int Limit(JsonElement page)
    {
        if (page.ValueKind == JsonValueKind.Undefined || !page.TryGetProperty("limit", out var limit))
        {
            return LongestPage;
        }

        if (limit.ValueKind != JsonValueKind.Number || !limit.TryGetInt32(out var number) || number < 1)
        {
            Wrong("page.limit must be a whole number of at least 1.");
            return LongestPage;
        }

        return Math.Min(number, LongestPage);
    }

    private JsonElement Object(JsonElement from, string member, string path)
    {
        if (!from.TryGetProperty(member, out var value))
        {
            return default;
        }

        if (value.ValueKind != JsonValueKind.Object)
        {
            Wrong($"{path}{member} must be an object.");
            return default;
        }

        return value;
    }

    private string Text(JsonElement from, string member, string path)
    {
        if (!from.TryGetProperty(member, out var value))
        {
            Wrong($"{path}{member} is missing.");
            return "";
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            Wrong($"{path}{member} must be a string.");
            return "";
        }

        return value.GetString()!;
    }

    private void Wrong(string sentence) => problem ??= sentence;

    private static bool HasWholeCharacters(JsonElement value)
    {
        try
        {
            return value.ValueKind switch
            {
                JsonValueKind.String => value.GetString() is not null,
                JsonValueKind.Array => value.EnumerateArray().All(HasWholeCharacters),
                JsonValueKind.Object => value.EnumerateObject().All(static member => member.Name is not null && HasWholeCharacters(member.Value)),
                _ => true,
            };
        }
        catch (InvalidOperationException)
        {
            // How the parser says that a text holds half of a surrogate pair.
            return false;
        }
    }

    private sealed record Parts(AskedSubject? Subject, ActionFacts? Action, ResourceFacts? Resource, JsonElement Context)
    {
        public static Parts None { get; } = new(null, null, null, default);
    }
}
