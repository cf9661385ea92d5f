using System.CommandLine;
using IdentityProvider.Declarations;

namespace IdentityProvider.Hosting.Commands;

/// <summary><c>policies</c>: for those who write them.</summary>
internal static class PoliciesCommand
{
    public static Command Build()
    {
        var file = new Argument<string>("FILE") { Description = "A declaration file (JSON) whose resources have policies." };
        var check = new Command("check", "Runs the tests of the policies in a file. Touches no database.") { file };
        check.SetAction((parsed, cancellationToken) => CheckAsync(parsed.GetRequiredValue(file), cancellationToken));
        return new Command("policies", "Looks after the policies of APIs.") { check };
    }

    private static async Task<int> CheckAsync(string file, CancellationToken cancellationToken)
    {
        string text;
        try
        {
            text = await File.ReadAllTextAsync(file, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"The file {Path.GetFullPath(file)} cannot be read.");
            return 1;
        }

        var errors = new List<string>();
        var checkedResources = PolicyCheck.Run(text, errors);
        foreach (var error in errors)
        {
            await Console.Error.WriteLineAsync(error);
        }

        if (errors.Count > 0)
        {
            return 1;
        }

        foreach (var (resource, policies, tests) in checkedResources)
        {
            await Console.Out.WriteLineAsync($"{resource}: {policies} policies, {tests} tests as expected.");
        }

        if (checkedResources.Count == 0)
        {
            await Console.Out.WriteLineAsync("No resource in the file has policies.");
        }

        return 0;
    }
}
