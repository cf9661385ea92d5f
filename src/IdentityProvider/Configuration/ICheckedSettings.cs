using Microsoft.Extensions.Hosting;

namespace IdentityProvider.Configuration;

/// <summary>Options with rules beyond the type and range of one value.</summary>
internal interface ICheckedSettings
{
    /// <summary>One sentence for each wrong setting: the full key, what is wrong, and what to write instead. Never a secret.</summary>
    IEnumerable<string> Problems(IHostEnvironment environment);
}
