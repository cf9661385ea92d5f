using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace IdentityProvider.ResourceServer;

/// <summary>The checks of RFC 9068 section 4, set on ASP.NET Core's bearer handler.</summary>
internal sealed class AccessTokenValidation(
    IOptions<ResourceServerOptions> options, ProviderMetadata metadata, TokenIntrospection introspection, TimeProvider clock)
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
        bearer.ConfigurationManager = metadata;
        bearer.MapInboundClaims = false;
        bearer.SaveToken = false;
        bearer.TokenValidationParameters = Parameters(settings, clock);
        bearer.Events = new AccessTokenEvents(settings.Introspection.Use, metadata, introspection);
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
        NameClaimType = ClaimName.Subject,
        RoleClaimType = ClaimName.Roles,
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
