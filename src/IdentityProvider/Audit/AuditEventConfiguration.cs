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
        builder.Property(row => row.SessionId).HasMaxLength(AuditText.SessionId);
        builder.Property(row => row.RemoteAddress).HasMaxLength(AuditText.RemoteAddress);
        builder.Property(row => row.Reason).HasMaxLength(AuditText.Reason);
        builder.Property(row => row.TraceId).HasMaxLength(AuditText.TraceId);
        builder.HasIndex(row => row.At);
        builder.HasIndex(row => new { row.Subject, row.At });
        builder.HasIndex(row => new { row.ClientId, row.At });
    }
}
