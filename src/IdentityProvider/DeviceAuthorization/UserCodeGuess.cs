using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityProvider.DeviceAuthorization;

/// <summary>How many wrong user codes came from one person or one address since a moment.</summary>
internal sealed class UserCodeGuess
{
    /// <summary>A person or an address.</summary>
    public string Who { get; init; } = "";

    public int Count { get; set; }

    /// <summary>When the count starts anew.</summary>
    public DateTime EndsAt { get; set; }
}

internal sealed class UserCodeGuessConfiguration : IEntityTypeConfiguration<UserCodeGuess>
{
    public void Configure(EntityTypeBuilder<UserCodeGuess> builder)
    {
        builder.ToTable("UserCodeGuesses");
        builder.HasKey(guess => guess.Who);
        builder.Property(guess => guess.Who).HasMaxLength(100);
        builder.HasIndex(guess => guess.EndsAt);
    }
}
