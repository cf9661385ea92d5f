using Microsoft.AspNetCore.Identity;

namespace IdentityProvider.Data;

/// <summary>A named role of people.</summary>
internal sealed class Role : IdentityRole<Guid>
{
    /// <summary>The role of whoever set this server up (<c>Permissions/BuiltInRole</c>).</summary>
    public const string Administrator = "administrator";

    /// <summary>Whether it is that role, however its name was written when it was made.</summary>
    public bool IsAdministrator => string.Equals(NormalizedName, Administrator, StringComparison.OrdinalIgnoreCase);

    public string? Description { get; set; }
}
