using IdentityProvider.Audit;
using IdentityProvider.Protocol;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace IdentityProvider.Clients;

/// <summary>
/// Which scripts of other origins may read which answers: what everybody may know, everybody's; what needs a token or a code,
/// those of origins that a client has registered a redirect URI on. Cookies never come along, so that what a script may do
/// with a browser's help it could do without.
/// </summary>
internal sealed class CrossOriginPolicies(ClientCatalog catalog, DecisionLog decisions) : ICorsPolicyProvider
{
    private static readonly TimeSpan preflightLifetime = TimeSpan.FromHours(1);

    private static readonly PathString[] publicPaths =
        [Endpoints.Configuration, Endpoints.AuthorizationServerMetadata, Endpoints.JsonWebKeySet];

    private static readonly PathString[] clientPaths = [Endpoints.PushedAuthorization, Endpoints.Token, Endpoints.UserInfo, Endpoints.Revocation];

    private static readonly CorsPolicy everybody =
        new CorsPolicyBuilder().AllowAnyOrigin().WithMethods(HttpMethods.Get).SetPreflightMaxAge(preflightLifetime).Build();

    public async Task<CorsPolicy?> GetPolicyAsync(HttpContext context, string? policyName)
    {
        if (publicPaths.Contains(context.Request.Path))
        {
            return everybody;
        }

        if (!clientPaths.Contains(context.Request.Path))
        {
            return null;
        }

        var origins = (await catalog.AddressesAsync(context.RequestAborted)).RedirectOrigins;
        var origin = context.Request.Headers.Origin.ToString();
        if (origin.Length > 0 && !origins.Contains(origin))
        {
            // The script is told nothing at all, which is what makes this hard to find out.
            decisions.Record(context, "cross_origin", "not_allowed", "Scripts of this origin may not read the answers of this endpoint.", "cross_origin.origin",
                difference: Difference.Between("origin", origin, origins));
        }

        return new CorsPolicyBuilder()
            .SetIsOriginAllowed(origins.Contains)
            .WithMethods(HttpMethods.Get, HttpMethods.Post)
            .WithHeaders(HeaderNames.Authorization, HeaderNames.ContentType)
            // RFC 6750 §3: why a token was refused stands there.
            .WithExposedHeaders(HeaderNames.WWWAuthenticate)
            .SetPreflightMaxAge(preflightLifetime)
            .Build();
    }
}
