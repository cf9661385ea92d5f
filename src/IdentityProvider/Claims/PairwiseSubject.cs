using IdentityProvider.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityProvider.Claims;

/// <summary>The subject by which the clients of one sector know one person (OpenID Connect Core §8.1). Random: it tells nothing and follows from nothing.</summary>
internal sealed class PairwiseSubject
{
    /// <summary>128 random bits, base64url.</summary>
    public string Value { get; init; } = "";

    public Guid UserId { get; init; }

    /// <summary>A host, in lower case.</summary>
    public string Sector { get; init; } = "";
}

internal sealed class PairwiseSubjectConfiguration : IEntityTypeConfiguration<PairwiseSubject>
{
    public void Configure(EntityTypeBuilder<PairwiseSubject> builder)
    {
        builder.ToTable("PairwiseSubjects");
        builder.HasKey(row => row.Value);
        builder.Property(row => row.Value).HasMaxLength(32);
        builder.Property(row => row.Sector).HasMaxLength(255);
        builder.HasIndex(row => new { row.UserId, row.Sector }).IsUnique();
        builder.HasOne<User>().WithMany().HasForeignKey(row => row.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}
