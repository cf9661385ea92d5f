using Microsoft.AspNetCore.Identity;

namespace IdentityProvider.Data;

/// <summary>A named role of people.</summary>
internal sealed class Role : IdentityRole<Guid>
{
    /// <summary>The role that may administer this server.</summary>
    public const string Administrator = "administrator";

    public string? Description { get; set; }
}
