using IdentityProvider.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityProvider.Sessions;

internal sealed class SessionConfiguration : IEntityTypeConfiguration<Session>
{
    public void Configure(EntityTypeBuilder<Session> builder)
    {
        builder.ToTable("Sessions");
        builder.Property(session => session.Id).HasMaxLength(64);
        builder.Property(session => session.SecretHash).HasMaxLength(32);
        builder.Property(session => session.Methods).HasMaxLength(128);
        builder.Property(session => session.Acr).HasMaxLength(128);
        builder.Property(session => session.Continues).HasMaxLength(64);
        builder.Property(session => session.EndReason).HasMaxLength(64);
        builder.Property(session => session.UserAgent).HasMaxLength(256);
        builder.Property(session => session.RemoteAddress).HasMaxLength(64);
        builder.HasOne<User>().WithMany().HasForeignKey(session => session.UserId).OnDelete(DeleteBehavior.Cascade);
        // For the jobs that end and remove sessions: each index holds only the rows its job may want.
        builder.HasIndex(session => session.ExpiresAt).HasFilter("\"EndedAt\" IS NULL");
        builder.HasIndex(session => new { session.Persistent, session.LastSeenAt }).HasFilter("\"EndedAt\" IS NULL AND \"SupersededAt\" IS NULL");
        builder.HasIndex(session => session.EndedAt).HasFilter("\"EndedAt\" IS NOT NULL");
        builder.HasIndex(session => session.Continues).HasFilter("\"Continues\" IS NOT NULL");
    }
}
