using System.ComponentModel.DataAnnotations;
using IdentityProvider.Configuration;

namespace IdentityProvider.Audit;

/// <summary>The section <c>IdentityProvider:Audit</c>.</summary>
internal sealed class AuditOptions
{
    public const string Section = ProviderOptions.Section + ":Audit";

    /// <summary>How long the record of a refused request is kept after it happened last.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "3650.00:00:00")]
    public TimeSpan DecisionRetention { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long the record of a security event is kept.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")]
    public TimeSpan EventRetention { get; set; } = TimeSpan.FromDays(400);
}
