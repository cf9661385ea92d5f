using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityProvider.Authorize;

internal sealed class PendingRequestConfiguration : IEntityTypeConfiguration<PendingRequest>
{
    public void Configure(EntityTypeBuilder<PendingRequest> builder)
    {
        builder.ToTable("PendingRequests");
        builder.Property(pending => pending.Id).HasMaxLength(32);
        builder.Property(pending => pending.ClientId).HasMaxLength(100);
        builder.Property(pending => pending.Parameters).HasMaxLength(128 * 1024);
        builder.Property(pending => pending.BrowserHash).HasMaxLength(32);
        builder.Property(pending => pending.ChosenSessionId).HasMaxLength(64);
        builder.Property(pending => pending.PushedReference).HasMaxLength(32);
        builder.HasIndex(pending => pending.ExpiresAt);
        builder.HasIndex(pending => pending.PushedReference).IsUnique();
    }
}
