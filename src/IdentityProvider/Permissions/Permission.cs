using IdentityProvider.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityProvider.Permissions;

/// <summary>Something that may be done at one resource, such as <c>posts.create</c>. Only that resource knows what it means.</summary>
internal sealed class Permission
{
    public Guid Id { get; init; }

    public Guid ResourceId { get; init; }

    public string Name { get; init; } = "";

    public string? Description { get; set; }
}

/// <summary>That a role grants a permission.</summary>
internal sealed class RolePermission
{
    public Guid RoleId { get; init; }

    public Guid PermissionId { get; init; }
}

/// <summary>That a role grants all that another one grants.</summary>
internal sealed class RoleInheritance
{
    public Guid RoleId { get; init; }

    public Guid InheritedId { get; init; }
}

internal sealed class PermissionConfiguration : IEntityTypeConfiguration<Permission>
{
    public void Configure(EntityTypeBuilder<Permission> builder)
    {
        builder.ToTable("Permissions");
        builder.Property(permission => permission.Name).HasMaxLength(PermissionRules.LongestName);
        builder.Property(permission => permission.Description).HasMaxLength(PermissionRules.LongestDescription);
        builder.HasIndex(permission => new { permission.ResourceId, permission.Name }).IsUnique();
        builder.HasOne<ApiResource>().WithMany().HasForeignKey(permission => permission.ResourceId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class RolePermissionConfiguration : IEntityTypeConfiguration<RolePermission>
{
    public void Configure(EntityTypeBuilder<RolePermission> builder)
    {
        builder.ToTable("RolePermissions");
        builder.HasKey(row => new { row.RoleId, row.PermissionId });
        builder.HasIndex(row => row.PermissionId);
        builder.HasOne<Role>().WithMany().HasForeignKey(row => row.RoleId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<Permission>().WithMany().HasForeignKey(row => row.PermissionId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class RoleInheritanceConfiguration : IEntityTypeConfiguration<RoleInheritance>
{
    public void Configure(EntityTypeBuilder<RoleInheritance> builder)
    {
        builder.ToTable("RoleInheritances");
        builder.HasKey(row => new { row.RoleId, row.InheritedId });
        builder.HasIndex(row => row.InheritedId);
        builder.HasOne<Role>().WithMany().HasForeignKey(row => row.RoleId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<Role>().WithMany().HasForeignKey(row => row.InheritedId).OnDelete(DeleteBehavior.Cascade);
    }
}
