using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace IdentityProvider.ResourceServer;

/// <summary>The checks of RFC 9068 section 4, set on ASP.NET Core's bearer handler.</summary>
internal sealed class AccessTokenValidation(IOptions<ResourceServerOptions> options, TimeProvider clock)
    : IConfigureNamedOptions<JwtBearerOptions>
{
    public void Configure(JwtBearerOptions options) => Configure(Options.DefaultName, options);

    public void Configure(string? name, JwtBearerOptions bearer)
    {
        if (name != JwtBearerDefaults.AuthenticationScheme)
        {
            return;
        }

        var settings = options.Value;
        bearer.Authority = settings.Authority;
        bearer.RequireHttpsMetadata = settings.RequireHttpsMetadata;
        // A key that the provider withdrew because it leaked is trusted here for an hour at most;
        // a key nobody here has seen yet is looked up at once, and then at most once a minute, whoever makes tokens up.
        bearer.AutomaticRefreshInterval = TimeSpan.FromHours(1);
        bearer.RefreshInterval = TimeSpan.FromMinutes(1);
        bearer.MapInboundClaims = false;
        bearer.SaveToken = false;
        bearer.TokenValidationParameters = Parameters(settings, clock);
        bearer.Events = new JwtBearerEvents
        {
            OnTokenValidated = context =>
            {
                // RFC 9449 §7.2, RFC 8705 §3: a token bound to a key is worth nothing in other hands.
                // This API checks no proof of possession, so it must not take such a token for a plain bearer token.
                if (context.Principal?.HasClaim(claim => claim.Type == "cnf") is true)
                {
                    context.Fail("The token is bound to a key, and possession of the key was not shown.");
                }

                return Task.CompletedTask;
            },
            OnForbidden = context =>
            {
                InsufficientScope.Answer(context.HttpContext);
                return Task.CompletedTask;
            },
        };
    }

    private static TokenValidationParameters Parameters(ResourceServerOptions settings, TimeProvider clock) => new()
    {
        // An id_token, a logout token or a client assertion is signed by the same keys: only its type tells them apart.
        ValidTypes = ["at+jwt", "application/at+jwt"],
        ValidAlgorithms = settings.ValidAlgorithms,

        // The library would also accept whatever issuer the discovery document names.
        IssuerValidator = (issuer, _, _) => string.Equals(issuer, settings.Authority, StringComparison.Ordinal)
            ? issuer
            : throw new SecurityTokenInvalidIssuerException("The issuer is not the one this API trusts.") { InvalidIssuer = issuer },

        ValidAudience = settings.Audience,
        IgnoreTrailingSlashWhenValidatingAudience = false,
        LifetimeValidator = (notBefore, expires, _, _) => Lifetime(notBefore, expires, clock.GetUtcNow().UtcDateTime, settings.ClockSkew),
        ValidateIssuerSigningKey = true,
        NameClaimType = "sub",
        RoleClaimType = "roles",
    };

    // The library's own check reads the machine's clock; this one reads the clock the application runs on.
    private static bool Lifetime(DateTime? notBefore, DateTime? expires, DateTime now, TimeSpan skew)
    {
        if (expires is not { } end)
        {
            throw new SecurityTokenNoExpirationException("The token has no expiration.");
        }

        if (now >= end + skew)
        {
            throw new SecurityTokenExpiredException("The token has expired.") { Expires = end };
        }

        if (notBefore is { } start && now < start - skew)
        {
            throw new SecurityTokenNotYetValidException("The token is not valid yet.") { NotBefore = start };
        }

        return true;
    }
}
