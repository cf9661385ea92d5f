using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Consents;

/// <summary>Remembered consent. Row: Consent, one per person and client.</summary>
internal static class ConsentsFeature
{
    public static IServiceCollection AddConsents(this IServiceCollection services) => services.AddSingleton<ConsentLedger>();
}
