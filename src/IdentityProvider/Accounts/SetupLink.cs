using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityProvider.Accounts;

/// <summary>The one-time link that makes the first administrator. There is one row, so a new link voids the one before it.</summary>
internal sealed class SetupLink
{
    public const string Administrator = "administrator";

    /// <summary>Always <see cref="Administrator"/>.</summary>
    public string Name { get; init; } = Administrator;

    /// <summary>SHA-256 of the token in the link.</summary>
    public byte[] TokenHash { get; init; } = [];

    public DateTime ExpiresAt { get; init; }

    public DateTime? ConsumedAt { get; init; }
}

internal sealed class SetupLinkConfiguration : IEntityTypeConfiguration<SetupLink>
{
    public void Configure(EntityTypeBuilder<SetupLink> builder)
    {
        builder.ToTable("SetupLinks");
        builder.HasKey(link => link.Name);
        builder.Property(link => link.Name).HasMaxLength(32);
        builder.Property(link => link.TokenHash).HasMaxLength(32);
    }
}
