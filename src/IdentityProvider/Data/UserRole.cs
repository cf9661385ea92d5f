using Microsoft.AspNetCore.Identity;

namespace IdentityProvider.Data;

/// <summary>A role that a person has.</summary>
internal sealed class UserRole : IdentityUserRole<Guid>, ITimeLimited
{
    public DateTime? NotBefore { get; set; }

    public DateTime? ExpiresAt { get; set; }
}
