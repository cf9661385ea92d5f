using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityProvider.Audit;

internal sealed class AuditEventConfiguration : IEntityTypeConfiguration<AuditEvent>
{
    public void Configure(EntityTypeBuilder<AuditEvent> builder)
    {
        builder.ToTable("AuditEvents");
        builder.Property(row => row.Subject).HasMaxLength(AuditText.Subject);
        builder.Property(row => row.ClientId).HasMaxLength(AuditText.ClientId);
        builder.Property(row => row.ActorSubject).HasMaxLength(AuditText.Subject);
        builder.Property(row => row.ActorClientId).HasMaxLength(AuditText.ClientId);
        builder.Property(row => row.SessionId).HasMaxLength(AuditText.SessionId);
        builder.Property(row => row.RemoteAddress).HasMaxLength(AuditText.RemoteAddress);
        builder.Property(row => row.Reason).HasMaxLength(AuditText.Reason);
        builder.Property(row => row.TraceId).HasMaxLength(AuditText.TraceId);
        builder.HasIndex(row => row.At);
        builder.HasIndex(row => new { row.Subject, row.At });
        builder.HasIndex(row => new { row.ClientId, row.At });
        // Partial: next to the rows of tokens those of administration are few.
        builder.HasIndex(row => new { row.ActorSubject, row.At }).HasFilter("\"ActorSubject\" IS NOT NULL");
        builder.HasIndex(row => new { row.ActorClientId, row.At }).HasFilter("\"ActorClientId\" IS NOT NULL");
    }
}
