using IdentityProvider.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityProvider.Scopes;

internal sealed class ApiResourceConfiguration : IEntityTypeConfiguration<ApiResource>
{
    public void Configure(EntityTypeBuilder<ApiResource> builder)
    {
        builder.ToTable("ApiResources");
        builder.Property(resource => resource.Identifier).HasMaxLength(ScopeRules.LongestIdentifier);
        builder.HasIndex(resource => resource.Identifier).IsUnique();
        builder.Property(resource => resource.Name).HasMaxLength(200);
        builder.Property(resource => resource.Clients).HasMaxLength(16 * 1024);
        builder.Property(resource => resource.ClaimMappings).HasMaxLength(ClaimMappingRules.LongestList).HasDefaultValue("[]");
        builder.Property(resource => resource.AccessTokenSignedResponseAlg).HasMaxLength(16);
        builder.Property(resource => resource.Policies).HasMaxLength(256 * 1024);
    }
}
