using IdentityProvider.Permissions;

namespace IdentityProvider.Administration;

/// <summary>One thing that the API does.</summary>
/// <param name="Template">The path below <see cref="AdministrationEndpoint.Root"/>; <c>*</c> is one segment that may be anything.</param>
/// <param name="Permission">The one permission that its caller must hold.</param>
/// <param name="RunAsync">Does it.</param>
internal sealed record Operation(string Method, string Template, AdministrationPermission Permission, Func<AdministrationRequest, Task<Answer>> RunAsync)
{
    public const string Gap = "*";

    private readonly string[] segments = Template.Split('/', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>What stands in the gaps of the template where the path is of its form; otherwise null.</summary>
    public IReadOnlyList<string>? Match(IReadOnlyList<string> path)
    {
        if (path.Count != segments.Length)
        {
            return null;
        }

        var values = new List<string>();
        for (var index = 0; index < path.Count; index++)
        {
            if (segments[index] == Gap)
            {
                values.Add(path[index]);
            }
            else if (segments[index] != path[index])
            {
                return null;
            }
        }

        return values;
    }
}
