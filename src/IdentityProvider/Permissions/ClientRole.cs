using IdentityProvider.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityProvider.Permissions;

/// <summary>A role that a client has when it acts for itself. A person's is a <see cref="UserRole"/>.</summary>
internal sealed class ClientRole : ITimeLimited
{
    public Guid ClientId { get; init; }

    public Guid RoleId { get; init; }

    public DateTime? NotBefore { get; set; }

    public DateTime? ExpiresAt { get; set; }
}

internal sealed class ClientRoleConfiguration : IEntityTypeConfiguration<ClientRole>
{
    public void Configure(EntityTypeBuilder<ClientRole> builder)
    {
        builder.ToTable("ClientRoles");
        builder.HasKey(row => new { row.ClientId, row.RoleId });
        builder.HasIndex(row => row.RoleId);
        builder.HasOne<Client>().WithMany().HasForeignKey(row => row.ClientId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<Role>().WithMany().HasForeignKey(row => row.RoleId).OnDelete(DeleteBehavior.Cascade);
    }
}
