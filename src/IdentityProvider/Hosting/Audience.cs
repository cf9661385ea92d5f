using Microsoft.AspNetCore.Http;

namespace IdentityProvider.Hosting;

/// <summary>Who reads an answer: a person in a browser, to whom a failure is a page, or a program, to whom it is a document of its protocol.</summary>
internal static class Audience
{
    private static readonly PathString[] machinePaths =
        ["/connect/token", "/connect/par", "/connect/userinfo", "/connect/introspect", "/connect/revoke", "/connect/device", "/access", "/admin", "/.well-known", "/health"];

    public static bool IsPerson(HttpContext context) => !IsProgram(context);

    public static bool IsProgram(HttpContext context)
    {
        foreach (var path in machinePaths)
        {
            if (context.Request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
