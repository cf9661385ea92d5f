using System.Text;
using IdentityProvider.Sandbox.Google;

namespace IdentityProvider.Sandbox;

/// <summary>What a person needs to know once the sandbox runs.</summary>
internal static class SandboxTable
{
    public static string Render(SandboxApp sandbox)
    {
        var (provider, webApp, api, google) = sandbox.Addresses;
        var text = new StringBuilder().AppendLine().AppendLine("The sandbox is running. Begin with the sample web app.").AppendLine();
        AppendRows(text,
        [
            ["Sample web app", webApp, "sign in, see your claims, and what you may do to the posts"],
            ["Provider", provider, "discovery at /.well-known/openid-configuration"],
            ["Sample API", api, "posts, readers and notes, each guarded in its own way"],
            ["Google stand-in", google, "reached by \"Sign in with Google\""],
        ]);

        text.AppendLine();
        AppendRows(text,
        [
            ["Person", "Password", "Name"],
            .. sandbox.Declarations.People.Select(person => new[] { person.UserName, person.Password ?? "", person.Name ?? "" }),
        ]);

        text.AppendLine();
        AppendRows(text,
        [
            ["At Google", "Address", "What is special"],
            .. GooglePeople.All.Select(person => new[] { person.Name, person.Email ?? "", person.Note }),
        ]);

        if (sandbox.AdministratorLink is { } link)
        {
            text.AppendLine().AppendLine("  Become the first administrator (works once, for an hour):").AppendLine("  " + link);
        }

        return text.AppendLine().AppendLine("  Ctrl+C stops everything.").ToString();
    }

    private static void AppendRows(StringBuilder text, IReadOnlyList<string[]> rows)
    {
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToList();
        foreach (var row in rows)
        {
            text.AppendLine("  " + string.Join("   ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }
    }
}
