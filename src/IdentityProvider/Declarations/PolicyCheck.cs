namespace IdentityProvider.Declarations;

/// <summary>What the tests of the policies in a file say. Nothing is saved, and nothing else of the file is looked at.</summary>
internal static class PolicyCheck
{
    /// <summary>Runs them.</summary>
    /// <param name="text">The text of a declaration file.</param>
    /// <param name="errors">Receives what is wrong, one sentence each.</param>
    /// <returns>By resource: how many policies it has, and how many tests they have.</returns>
    public static IReadOnlyList<(string Resource, int Policies, int Tests)> Run(string text, ICollection<string> errors)
    {
        var progress = new Progress();
        var declaration = DeclarationParser.Parse(text, progress.Errors);
        var owned = declaration is null ? [] : DeclaredPolicies.Take(declaration.Resources, progress);
        foreach (var error in progress.Errors)
        {
            errors.Add(error);
        }

        return [.. owned.Select(declared => (declared.Resource.Key, declared.Policies.Count, declared.Policies.Tests))];
    }
}
