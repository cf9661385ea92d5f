using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityProvider.Audit;

/// <summary>Why a request was refused: what was asked, which rule said no, and what differed. One row for all repeats within a while.</summary>
internal sealed class DecisionRecord
{
    public Guid Id { get; init; }

    /// <summary>Short enough to be read out over the telephone; see <see cref="DecisionReference"/>.</summary>
    public string Reference { get; set; } = "";

    public DateTime FirstAt { get; init; }
    public DateTime LastAt { get; set; }

    /// <summary>How often it happened between the two.</summary>
    public int Count { get; set; }

    public string Endpoint { get; init; } = "";

    /// <summary>The stable name of the rule that refused, such as <c>redirect_uri.exact</c>.</summary>
    public string Rule { get; init; } = "";

    public string Error { get; init; } = "";
    public string? Description { get; init; }
    public string? ClientId { get; init; }

    /// <summary>The caller's address as the configured proxies tell it; null for a record of refusals that were too many to be told singly.</summary>
    public string? RemoteAddress { get; init; }

    /// <summary>What was asked, as JSON: parameters that cannot be secret, and the names of the others that came along.</summary>
    public string? Asked { get; init; }

    /// <summary>What differed and where, as JSON; see <see cref="Audit.Difference"/>.</summary>
    public string? Difference { get; init; }

    /// <summary>The trace id of the first of the requests.</summary>
    public string? TraceId { get; init; }

    public DateTime ExpiresAt { get; set; }
}

internal sealed class DecisionRecordConfiguration : IEntityTypeConfiguration<DecisionRecord>
{
    public void Configure(EntityTypeBuilder<DecisionRecord> builder)
    {
        builder.ToTable("DecisionRecords");
        builder.Property(row => row.Reference).HasMaxLength(DecisionReference.Length);
        builder.Property(row => row.Endpoint).HasMaxLength(DecisionText.Endpoint);
        builder.Property(row => row.Rule).HasMaxLength(DecisionText.Rule);
        builder.Property(row => row.Error).HasMaxLength(DecisionText.Error);
        builder.Property(row => row.Description).HasMaxLength(AuditText.Reason);
        builder.Property(row => row.ClientId).HasMaxLength(AuditText.ClientId);
        builder.Property(row => row.RemoteAddress).HasMaxLength(AuditText.RemoteAddress);
        builder.Property(row => row.Asked).HasMaxLength(DecisionText.Asked);
        builder.Property(row => row.Difference).HasMaxLength(DecisionText.Difference);
        builder.Property(row => row.TraceId).HasMaxLength(AuditText.TraceId);
        builder.HasIndex(row => row.Reference).IsUnique();
        builder.HasIndex(row => new { row.ClientId, row.LastAt });
        builder.HasIndex(row => row.LastAt);
        builder.HasIndex(row => row.ExpiresAt);
    }
}
