using IdentityProvider.Configuration;
using IdentityProvider.Jobs;
using IdentityProvider.Protocol;
using Microsoft.Extensions.DependencyInjection;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace IdentityProvider.Audit;

/// <summary>
/// Who did what to which thing, from where, with what outcome; and why a request was refused.
/// Rows: AuditEvent, written with the change they tell of, or in batches behind the requests that are too many for that;
/// DecisionRecord, one for all repeats of a refusal, counted in memory and written behind the requests. Both go when their time is up.
/// Options: IdentityProvider:Audit.
/// </summary>
internal static class AuditFeature
{
    public static IServiceCollection AddAudit(this IServiceCollection services)
    {
        services.AddSettings<AuditOptions>(AuditOptions.Section);
        return services
            .AddHttpContextAccessor()
            .AddSingleton<AuditQueue>()
            .AddSingleton<AuditRows>()
            .AddSingleton<AuditLog>()
            .AddHostedService<AuditWriter>()
            .AddSingleton<DecisionBuffer>()
            .AddSingleton<DecisionLog>()
            .AddSingleton<DecisionWriter>()
            .AddHostedService(provider => provider.GetRequiredService<DecisionWriter>())
            .AddSingleton<RecordRefusals>()
            .AddSingleton<RecurringJob, PruneAudit>();
    }

    public static OpenIddictServerBuilder UseAudit(this OpenIddictServerBuilder server) => server
        .Add(RecordRefusals.KnowClient)
        .Add(RecordRefusals.At<ApplyAuthorizationResponseContext>())
        .Add(RecordRefusals.At<ApplyPushedAuthorizationResponseContext>())
        .Add(RecordRefusals.At<ApplyTokenResponseContext>(OpenIddictServerHandlers.Exchange.NormalizeErrorResponse.Descriptor.Order + 250))
        .Add(RecordRefusals.At<ApplyUserInfoResponseContext>())
        .Add(RecordRefusals.At<ApplyIntrospectionResponseContext>())
        .Add(RecordRefusals.At<ApplyRevocationResponseContext>())
        .Add(RecordRefusals.At<ApplyEndSessionResponseContext>())
        .Add(RecordRefusals.At<ApplyDeviceAuthorizationResponseContext>())
        .Add(RecordRefusals.At<ApplyEndUserVerificationResponseContext>())
        .Add(RecordRefusals.At<ApplyConfigurationResponseContext>())
        .Add(RecordRefusals.At<ApplyJsonWebKeySetResponseContext>());
}
