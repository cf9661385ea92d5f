using System.CommandLine;
using IdentityProvider.Preview;
using IdentityProvider.Users;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Hosting.Commands;

/// <summary><c>preview</c>: which tokens somebody would get, without signing in as them.</summary>
internal static class PreviewCommand
{
    public static Command Build(string[] configuration)
    {
        var names = new Argument<string[]>("USER CLIENT")
        {
            Description = "Whose tokens, by user name or subject, and the client_id; the client_id alone for what a client gets when it acts for itself.",
            Arity = new ArgumentArity(1, 2),
        };
        var scopes = new Option<string[]>("--scope") { Description = "A scope to ask for; may be repeated. Without it all that the client may ask for.", AllowMultipleArgumentsPerToken = true };
        var resource = new Option<string?>("--resource") { Description = "The one API to ask for; its identifier." };
        var json = new Option<bool>("--json") { Description = "Answers in JSON." };
        var preview = new Command("preview", "Shows which tokens and claims a person would get at a client. Nothing is signed, and nobody is signed in.")
        {
            names, scopes, resource, json,
        };
        preview.SetAction((parsed, cancellationToken) => Workbench.RunAsync(
            configuration,
            async services =>
            {
                var given = parsed.GetRequiredValue(names);
                var subject = given is [var user, _] ? await SubjectAsync(services, user, cancellationToken) : null;
                var asked = new PreviewRequest(
                    subject, given[^1], [.. (parsed.GetValue(scopes) ?? []).SelectMany(scope => scope.Split(' ', StringSplitOptions.RemoveEmptyEntries))],
                    parsed.GetValue(resource));
                var tokens = await services.GetRequiredService<TokenPreview>().PreviewAsync(asked, $"{Environment.UserName} by command", cancellationToken);
                await Console.Out.WriteLineAsync(parsed.GetValue(json) ? tokens.ToJson() : PreviewReport.Of(tokens));
                return tokens.Refusal is null ? 0 : 1;
            },
            cancellationToken));
        return preview;
    }

    // Whoever has no such name may have such a subject.
    private static async Task<string> SubjectAsync(IServiceProvider services, string user, CancellationToken cancellationToken) =>
        (await services.GetRequiredService<UserDirectory>().FindByNameAsync(user, cancellationToken))?.Subject ?? user;
}
