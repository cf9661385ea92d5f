using IdentityProvider.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityProvider.Consents;

internal sealed class ConsentConfiguration : IEntityTypeConfiguration<Consent>
{
    public void Configure(EntityTypeBuilder<Consent> builder)
    {
        builder.ToTable("Consents");
        builder.Property(consent => consent.ClientId).HasMaxLength(100);
        builder.Property(consent => consent.Scopes).HasMaxLength(4096);
        builder.Property(consent => consent.Claims).HasMaxLength(1024);
        builder.HasIndex(consent => new { consent.UserId, consent.ClientId }).IsUnique();
        builder.HasOne<User>().WithMany().HasForeignKey(consent => consent.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}
