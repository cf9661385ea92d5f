using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityProvider.DeviceAuthorization;

internal sealed class DeviceRequestConfiguration : IEntityTypeConfiguration<DeviceRequest>
{
    public const int LongestScopes = 2000;
    public const int LongestResources = 4000;
    public const int LongestUserAgent = 256;

    public void Configure(EntityTypeBuilder<DeviceRequest> builder)
    {
        builder.ToTable("DeviceRequests");
        builder.Property(request => request.DeviceCodeHash).HasMaxLength(32);
        builder.Property(request => request.UserCodeHash).HasMaxLength(32);
        builder.Property(request => request.ClientId).HasMaxLength(100);
        builder.Property(request => request.Scopes).HasMaxLength(LongestScopes);
        builder.Property(request => request.Resources).HasMaxLength(LongestResources);
        builder.Property(request => request.RemoteAddress).HasMaxLength(64);
        builder.Property(request => request.UserAgent).HasMaxLength(LongestUserAgent);
        builder.Property(request => request.DecidedBy).HasMaxLength(255);
        builder.Property(request => request.SessionId).HasMaxLength(64);
        builder.HasIndex(request => request.DeviceCodeHash).IsUnique();
        builder.HasIndex(request => request.UserCodeHash).IsUnique();
        builder.HasIndex(request => request.ExpiresAt);
    }
}
