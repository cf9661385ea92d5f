using IdentityProvider.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityProvider.Permissions;

/// <summary>People and clients that have roles together.</summary>
internal sealed class Group
{
    public Guid Id { get; init; }

    public string Name { get; init; } = "";

    /// <summary>The name as it is compared: like those of roles, without regard to case.</summary>
    public string NormalizedName { get; init; } = "";

    public string? Description { get; set; }
}

/// <summary>A role that everybody in a group has.</summary>
internal sealed class GroupRole
{
    public Guid GroupId { get; init; }

    public Guid RoleId { get; init; }
}

/// <summary>A person in a group.</summary>
internal sealed class GroupUser : ITimeLimited
{
    public Guid UserId { get; init; }

    public Guid GroupId { get; init; }

    public DateTime? NotBefore { get; set; }

    public DateTime? ExpiresAt { get; set; }
}

/// <summary>A client in a group.</summary>
internal sealed class GroupClient : ITimeLimited
{
    public Guid ClientId { get; init; }

    public Guid GroupId { get; init; }

    public DateTime? NotBefore { get; set; }

    public DateTime? ExpiresAt { get; set; }
}

internal sealed class GroupConfiguration : IEntityTypeConfiguration<Group>
{
    public void Configure(EntityTypeBuilder<Group> builder)
    {
        builder.ToTable("Groups");
        builder.Property(group => group.Name).HasMaxLength(PermissionRules.LongestGroup);
        builder.Property(group => group.NormalizedName).HasMaxLength(PermissionRules.LongestGroup);
        builder.Property(group => group.Description).HasMaxLength(PermissionRules.LongestDescription);
        builder.HasIndex(group => group.NormalizedName).IsUnique();
    }
}

internal sealed class GroupRoleConfiguration : IEntityTypeConfiguration<GroupRole>
{
    public void Configure(EntityTypeBuilder<GroupRole> builder)
    {
        builder.ToTable("GroupRoles");
        builder.HasKey(row => new { row.GroupId, row.RoleId });
        builder.HasIndex(row => row.RoleId);
        builder.HasOne<Group>().WithMany().HasForeignKey(row => row.GroupId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<Role>().WithMany().HasForeignKey(row => row.RoleId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class GroupUserConfiguration : IEntityTypeConfiguration<GroupUser>
{
    public void Configure(EntityTypeBuilder<GroupUser> builder)
    {
        builder.ToTable("GroupUsers");
        builder.HasKey(row => new { row.UserId, row.GroupId });
        builder.HasIndex(row => row.GroupId);
        builder.HasOne<User>().WithMany().HasForeignKey(row => row.UserId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<Group>().WithMany().HasForeignKey(row => row.GroupId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class GroupClientConfiguration : IEntityTypeConfiguration<GroupClient>
{
    public void Configure(EntityTypeBuilder<GroupClient> builder)
    {
        builder.ToTable("GroupClients");
        builder.HasKey(row => new { row.ClientId, row.GroupId });
        builder.HasIndex(row => row.GroupId);
        builder.HasOne<Client>().WithMany().HasForeignKey(row => row.ClientId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<Group>().WithMany().HasForeignKey(row => row.GroupId).OnDelete(DeleteBehavior.Cascade);
    }
}
