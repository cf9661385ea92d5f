using System.ComponentModel.DataAnnotations;
using IdentityProvider.Configuration;
using Microsoft.Extensions.Hosting;

namespace IdentityProvider.Keys;

/// <summary>The section <c>IdentityProvider:Keys</c>: the life of a signing key.</summary>
internal sealed class KeyOptions : ICheckedSettings
{
    public const string Section = ProviderOptions.Section + ":Keys";

    /// <summary>How long a key signs before the next one takes over.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan RotationPeriod { get; set; } = TimeSpan.FromDays(90);

    /// <summary>How long a key is published before it signs: longer than any client keeps the key set without asking again.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan PublishLead { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How long a key stays published after it stopped signing: longer than any token it signed lives.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan RetiredLifetime { get; set; } = TimeSpan.FromDays(30);

    public IEnumerable<string> Problems(IHostEnvironment environment)
    {
        if (PublishLead >= RotationPeriod)
        {
            yield return $"{Section}:PublishLead is {PublishLead}, which is not shorter than {Section}:RotationPeriod; shorten it.";
        }
    }
}
