using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Audit;

/// <summary>
/// Who did what to which thing, from where, with what outcome.
/// Rows: AuditEvent, written with the change they tell of, or in batches behind the requests that are too many for that.
/// </summary>
internal static class AuditFeature
{
    public static IServiceCollection AddAudit(this IServiceCollection services) => services
        .AddHttpContextAccessor()
        .AddSingleton<AuditQueue>()
        .AddSingleton<AuditLog>()
        .AddHostedService<AuditWriter>();
}
