using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace IdentityProvider.ResourceServer;

/// <summary>A setting that would make the API accept nothing, or too much, stops the start with one sentence.</summary>
internal sealed class ResourceServerOptionsValidator : IValidateOptions<ResourceServerOptions>
{
    // Whoever can check an HMAC can also make one, so an API must never be told to check one.
    private static readonly HashSet<string> asymmetric = new(StringComparer.Ordinal)
    {
        SecurityAlgorithms.EcdsaSha256,
        SecurityAlgorithms.EcdsaSha384,
        SecurityAlgorithms.EcdsaSha512,
        SecurityAlgorithms.RsaSha256,
        SecurityAlgorithms.RsaSha384,
        SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256,
        SecurityAlgorithms.RsaSsaPssSha384,
        SecurityAlgorithms.RsaSsaPssSha512,
    };

    public ValidateOptionsResult Validate(string? name, ResourceServerOptions options)
    {
        var faults = Faults(options).Concat(Times(options)).Concat(Faults(options.Introspection)).ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Faults(ResourceServerOptions options)
    {
        if (!Uri.TryCreate(options.Authority, UriKind.Absolute, out var authority)
            || (authority.Scheme != Uri.UriSchemeHttps && authority.Scheme != Uri.UriSchemeHttp))
        {
            yield return "Authority must be the issuer identifier of the identity provider, an absolute https address.";
        }
        else if (options.RequireHttpsMetadata && authority.Scheme != Uri.UriSchemeHttps)
        {
            yield return "Authority must begin with https unless RequireHttpsMetadata is false.";
        }

        if (string.IsNullOrWhiteSpace(options.Audience))
        {
            yield return "Audience must be the identifier of this API: without it a token for any API would be accepted.";
        }

        if (options.ValidAlgorithms.Count == 0)
        {
            yield return "ValidAlgorithms must name at least one signature algorithm.";
        }

        foreach (var algorithm in options.ValidAlgorithms.Where(algorithm => !asymmetric.Contains(algorithm)))
        {
            yield return $"ValidAlgorithms must not contain {algorithm}: only asymmetric signatures of RFC 7518 are accepted.";
        }
    }

    private static IEnumerable<string> Times(ResourceServerOptions options)
    {
        if (options.ClockSkew < TimeSpan.Zero || options.ClockSkew > TimeSpan.FromMinutes(5))
        {
            yield return "ClockSkew must be between zero and five minutes.";
        }

        if (options.KeySetLifetime < TimeSpan.FromSeconds(10) || options.KeySetLifetime > TimeSpan.FromHours(1))
        {
            yield return "KeySetLifetime must be between ten seconds and one hour.";
        }

        if (options.KeySetLifetimeInOutage < options.KeySetLifetime || options.KeySetLifetimeInOutage > TimeSpan.FromDays(1))
        {
            yield return "KeySetLifetimeInOutage must be between KeySetLifetime and one day.";
        }

        if (options.ProviderTimeout <= TimeSpan.Zero || options.ProviderTimeout > TimeSpan.FromMinutes(1))
        {
            yield return "ProviderTimeout must be more than zero and at most one minute.";
        }
    }

    private static IEnumerable<string> Faults(IntrospectionOptions options)
    {
        if (options.Use != IntrospectionUse.None && (options.ClientId.Length == 0 || options.ClientSecret.Length == 0))
        {
            yield return "Introspection needs a ClientId and a ClientSecret: the identity provider tells nobody about tokens without them.";
        }

        if (options.CacheDuration < TimeSpan.Zero || options.CacheDuration > TimeSpan.FromMinutes(5))
        {
            yield return "Introspection.CacheDuration must be between zero and five minutes.";
        }

        if (options.CacheSize is < 100 or > 1_000_000)
        {
            yield return "Introspection.CacheSize must be between 100 and 1,000,000.";
        }
    }
}
