using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityProvider.Data;

/// <summary>The mapping of the protocol's tables, the same in both contexts.</summary>
internal static class ProtocolTables
{
    public static void Map(ModelBuilder builder)
    {
        builder.UseOpenIddict<Client, Grant, Scope, Token, Guid>();

        builder.Entity<Client>(client =>
        {
            client.ToTable("Clients");
            client.Property(row => row.Metadata).HasMaxLength(64 * 1024);
        });

        builder.Entity<Scope>(scope =>
        {
            scope.ToTable("Scopes");
            scope.Property(row => row.Claims).HasMaxLength(4096);
            scope.Property(row => row.ClaimMappings).HasMaxLength(16 * 1024).HasDefaultValue("[]");
        });

        builder.Entity<Grant>(grant =>
        {
            grant.ToTable("Grants");
            grant.Property(row => row.SessionId).HasMaxLength(64);
            grant.Property(row => row.ClientSubject).HasMaxLength(64);
            grant.Property(row => row.RequestedClaims).HasMaxLength(512);
            RemoveListingIndex(grant);
            grant.HasIndex(row => row.ApplicationId);
            grant.HasIndex(row => row.SessionId);
            grant.HasIndex(row => row.Subject);
            grant.HasIndex(row => row.CreationDate);
        });

        builder.Entity<Token>(token =>
        {
            token.ToTable("Tokens");
            token.Property(row => row.Content).HasMaxLength(64 * 1024);
            token.Property(row => row.SecretHash).HasMaxLength(32);
            token.Property(row => row.Successor).HasMaxLength(1024);
            RemoveListingIndex(token);
            token.HasIndex(row => row.ApplicationId);
            // Only what earlier versions handed out is found by it.
            token.HasIndex(row => row.ReferenceId).IsUnique().HasFilter("\"ReferenceId\" IS NOT NULL");
            token.HasIndex(row => row.ExpirationDate);
            token.HasIndex(row => row.RedemptionDate).HasFilter("\"Successor\" IS NOT NULL");
        });

        builder.Entity<RevokedAccessToken>(revoked =>
        {
            revoked.ToTable("RevokedAccessTokens");
            revoked.HasKey(row => row.Jti);
            revoked.Property(row => row.Jti).HasMaxLength(64);
            revoked.HasIndex(row => row.ExpiresAt);
        });

        builder.Entity<UsedProof>(proof =>
        {
            proof.ToTable("UsedProofs");
            proof.HasKey(row => row.Hash);
            proof.Property(row => row.Hash).HasMaxLength(32);
            proof.HasIndex(row => row.ExpiresAt);
        });
    }

    // The library's index for listing what a client gave to whom in which state, which nothing here asks: four texts that every new row and every
    // change of a state would write.
    private static void RemoveListingIndex<TRow>(EntityTypeBuilder<TRow> table) where TRow : class
    {
        var listing = table.Metadata.GetIndexes().Single(index => index.Properties.Count == 4);
        table.Metadata.RemoveIndex(listing.Properties);
    }
}
