using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityProvider.Logout;

internal sealed class LogoutDeliveryConfiguration : IEntityTypeConfiguration<LogoutDelivery>
{
    public const int LongestName = 200;

    public void Configure(EntityTypeBuilder<LogoutDelivery> builder)
    {
        builder.ToTable("LogoutDeliveries");
        builder.Property(delivery => delivery.SessionId).HasMaxLength(64);
        builder.Property(delivery => delivery.ClientId).HasMaxLength(100);
        builder.Property(delivery => delivery.ClientName).HasMaxLength(LongestName);
        builder.Property(delivery => delivery.Uri).HasMaxLength(2048);
        builder.Property(delivery => delivery.Subject).HasMaxLength(255);
        builder.Property(delivery => delivery.ClientSubject).HasMaxLength(255);
        builder.Property(delivery => delivery.Attempts).HasMaxLength(8192);
        // However often and by whomever a session is ended, a client is told once.
        builder.HasIndex(delivery => new { delivery.SessionId, delivery.ClientId }).IsUnique();
        builder.HasIndex(delivery => delivery.LogoutId);
        builder.HasIndex(delivery => delivery.ExpiresAt);
        // Only what is still to be done: that is little, however many receipts are kept.
        builder.HasIndex(delivery => new { delivery.ClientId, delivery.DueAt }).HasFilter("\"DueAt\" IS NOT NULL");
    }
}
