using IdentityProvider.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityProvider.Users;

/// <summary>The one-time link with which a person chooses a new password. One row for each person, so a new link voids the one before it.</summary>
internal sealed class PasswordReset
{
    public Guid UserId { get; init; }

    /// <summary>SHA-256 of the token in the link.</summary>
    public byte[] TokenHash { get; set; } = [];

    public DateTime ExpiresAt { get; set; }
}

internal sealed class PasswordResetConfiguration : IEntityTypeConfiguration<PasswordReset>
{
    public void Configure(EntityTypeBuilder<PasswordReset> builder)
    {
        builder.ToTable("PasswordResets");
        builder.HasKey(row => row.UserId);
        builder.Property(row => row.UserId).ValueGeneratedNever();
        builder.Property(row => row.TokenHash).HasMaxLength(32);
        builder.HasIndex(row => row.TokenHash).IsUnique();
        builder.HasIndex(row => row.ExpiresAt);
        builder.HasOne<User>().WithOne().HasForeignKey<PasswordReset>(row => row.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}
