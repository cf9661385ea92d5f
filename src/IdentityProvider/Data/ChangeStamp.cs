using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityProvider.Data;

/// <summary>
/// A number that grows whenever something cached by every node has changed, in the transaction of that change.
/// </summary>
internal sealed class ChangeStamp
{
    public string Name { get; init; } = "";
    public long Version { get; set; }
}

internal sealed class ChangeStampConfiguration : IEntityTypeConfiguration<ChangeStamp>
{
    public void Configure(EntityTypeBuilder<ChangeStamp> builder)
    {
        builder.ToTable("ChangeStamps");
        builder.HasKey(stamp => stamp.Name);
        builder.Property(stamp => stamp.Name).HasMaxLength(64);
    }
}
