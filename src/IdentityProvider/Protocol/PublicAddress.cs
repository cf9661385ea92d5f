using Microsoft.AspNetCore.Http;

namespace IdentityProvider.Protocol;

/// <summary>
/// Makes every request look as the public sees it: scheme, host and base path of the issuer.
/// What a proxy or an attacker wrote into Host or X-Forwarded-* never reaches a link, a redirect or a token.
/// </summary>
internal sealed class PublicAddress(RequestDelegate next, Issuer issuer)
{
    private readonly HostString host = new(issuer.Address.Authority);
    private readonly PathString pathBase = new(issuer.PathBase);

    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        request.Scheme = issuer.Address.Scheme;
        request.Host = host;

        // Proxies either keep the issuer's path or strip it; links must carry it in both cases.
        if (pathBase.HasValue)
        {
            request.Path = request.Path.StartsWithSegments(pathBase, StringComparison.Ordinal, out var rest) ? rest : request.Path;
            request.PathBase = pathBase;
        }

        return next(context);
    }
}
