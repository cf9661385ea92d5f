using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityProvider.Keys;

/// <summary>A key that signs tokens, has signed them, or will.</summary>
internal sealed class SigningKey
{
    public Guid Id { get; init; }

    /// <summary>The RFC 7638 thumbprint of the public key: <c>kid</c> in tokens and in the key set.</summary>
    public string Kid { get; init; } = "";

    /// <summary>The one algorithm it signs with (RFC 7518 §3.1): <c>alg</c> in the key set, by which many clients choose.</summary>
    public string Algorithm { get; init; } = "";

    /// <summary>Counts the keys of one algorithm. Unique with it, so two nodes that both find a key missing make one.</summary>
    public int Generation { get; init; }

    /// <summary>The private key as PKCS #8, wrapped by Data Protection, base64.</summary>
    public string ProtectedKey { get; init; } = "";

    /// <summary>From here on it is published.</summary>
    public DateTime CreatedAt { get; init; }

    /// <summary>From here on it signs, until its successor does.</summary>
    public DateTime ActivateAt { get; init; }

    /// <summary>When its successor takes over; null while it has none.</summary>
    public DateTime? RetireAt { get; init; }

    /// <summary>From here on it is neither published nor accepted.</summary>
    public DateTime? DeleteAt { get; init; }
}

internal sealed class SigningKeyConfiguration : IEntityTypeConfiguration<SigningKey>
{
    public void Configure(EntityTypeBuilder<SigningKey> builder)
    {
        builder.ToTable("SigningKeys");
        builder.Property(key => key.Kid).HasMaxLength(64);
        builder.HasIndex(key => key.Kid).IsUnique();
        builder.Property(key => key.Algorithm).HasMaxLength(16);
        builder.Property(key => key.ProtectedKey).HasMaxLength(8192);
        builder.HasIndex(key => new { key.Algorithm, key.Generation }).IsUnique();
    }
}
