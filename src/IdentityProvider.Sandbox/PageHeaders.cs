namespace IdentityProvider.Sandbox;

/// <summary>What the pages of the sample web app and of the stand-in for Google may load, and where their forms may lead.</summary>
internal static class PageHeaders
{
    /// <param name="formTargets">Origins that a form's answer may redirect to; browsers count the redirect as the form's target.</param>
    public static void UsePageHeaders(this WebApplication app, params IEnumerable<string> formTargets)
    {
        var policy =
            $"default-src 'none'; style-src 'self'; img-src 'self' https: data:; form-action {string.Join(' ', formTargets.Prepend("'self'"))}; " +
            "frame-ancestors 'none'; base-uri 'none'";
        app.Use((context, next) =>
        {
            context.Response.Headers.ContentSecurityPolicy = policy;
            context.Response.Headers.XContentTypeOptions = "nosniff";
            context.Response.Headers["Referrer-Policy"] = "no-referrer";
            return next(context);
        });
    }
}
