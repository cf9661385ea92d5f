using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityProvider.Data;

internal sealed class UserConfiguration : IEntityTypeConfiguration<User>
{
    public void Configure(EntityTypeBuilder<User> builder)
    {
        builder.ToTable("Users");
        builder.Property(user => user.Subject).HasMaxLength(255).IsRequired();
        builder.HasIndex(user => user.Subject).IsUnique();
        builder.Property(user => user.PasswordHash).HasMaxLength(512);
        builder.Property(user => user.SecurityStamp).HasMaxLength(64);
        builder.Property(user => user.ConcurrencyStamp).HasMaxLength(64);
        builder.Property(user => user.PhoneNumber).HasMaxLength(64);

        builder.Property(user => user.Profile).HasMaxLength(16 * 1024).HasConversion(
            profile => JsonSerializer.Serialize(profile, JsonSerializerOptions.Default),
            json => UserRows.ProfileOf(json));

        // Named, so that Identity's own index on the same column, which finds addresses that are not verified, stays beside it.
        // A verified address belongs to one person. The same filter is valid SQL on both databases.
        builder.HasIndex(user => user.NormalizedEmail, "IX_Users_VerifiedEmail")
            .IsUnique().HasFilter("\"EmailConfirmed\"");
        // Partial: most people let nobody else into their account.
        builder.HasIndex(user => user.PreparedBy).HasFilter("\"PreparedBy\" IS NOT NULL");
    }
}
