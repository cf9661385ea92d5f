using IdentityProvider.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityProvider.Permissions;

/// <summary>That nobody has two roles together. It holds for both, whichever of them says so.</summary>
internal sealed class RoleConflict
{
    /// <summary>The role that says so.</summary>
    public Guid RoleId { get; init; }

    public Guid OtherId { get; init; }
}

internal sealed class RoleConflictConfiguration : IEntityTypeConfiguration<RoleConflict>
{
    public void Configure(EntityTypeBuilder<RoleConflict> builder)
    {
        builder.ToTable("RoleConflicts");
        builder.HasKey(row => new { row.RoleId, row.OtherId });
        builder.HasIndex(row => row.OtherId);
        builder.HasOne<Role>().WithMany().HasForeignKey(row => row.RoleId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<Role>().WithMany().HasForeignKey(row => row.OtherId).OnDelete(DeleteBehavior.Cascade);
    }
}
