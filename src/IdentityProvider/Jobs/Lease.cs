using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityProvider.Jobs;

/// <summary>Who may do a named piece of work, until when, and when it is next to be done.</summary>
internal sealed class Lease
{
    public string Name { get; init; } = "";

    /// <summary>One taking, not one node: two takers in one process exclude each other too.</summary>
    public Guid Holder { get; init; }

    public DateTime ExpiresAt { get; init; }

    /// <summary>Before this the work is not due, whoever asks: with three nodes a daily job still runs once a day.</summary>
    public DateTime DueAt { get; init; }
}

internal sealed class LeaseConfiguration : IEntityTypeConfiguration<Lease>
{
    public void Configure(EntityTypeBuilder<Lease> builder)
    {
        builder.ToTable("Leases");
        builder.HasKey(lease => lease.Name);
        builder.Property(lease => lease.Name).HasMaxLength(64);
    }
}
