using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityProvider.Declarations;

/// <summary>The kinds of entries a declaration file has.</summary>
internal enum DeclaredKind
{
    Resource,
    Scope,
    Client,
    Role,
    User,
    Group,

    /// <summary>No row but a file: see <see cref="FileOfLastStart"/>.</summary>
    File,
}

/// <summary>
/// Remembers that a row came from a declaration file, so that pruning takes away what vanished from the file
/// and nothing that somebody made by hand, be it under the same name.
/// </summary>
internal sealed class DeclaredEntry
{
    /// <summary>The key of the declared row, or of the file.</summary>
    public Guid Row { get; init; }

    public DeclaredKind Kind { get; init; }
}

internal sealed class DeclaredEntryConfiguration : IEntityTypeConfiguration<DeclaredEntry>
{
    public void Configure(EntityTypeBuilder<DeclaredEntry> builder)
    {
        builder.ToTable("DeclaredEntries");
        builder.HasKey(entry => entry.Row);
        builder.Property(entry => entry.Row).ValueGeneratedNever();
    }
}
