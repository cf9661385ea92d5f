using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityProvider.Users;

/// <summary>Sizes for what Identity leaves open. The primary key (provider, key) is what makes two first logins one person.</summary>
internal sealed class UserLoginConfiguration : IEntityTypeConfiguration<IdentityUserLogin<Guid>>
{
    public void Configure(EntityTypeBuilder<IdentityUserLogin<Guid>> builder)
    {
        builder.Property(login => login.LoginProvider).HasMaxLength(64);
        builder.Property(login => login.ProviderKey).HasMaxLength(255);
        builder.Property(login => login.ProviderDisplayName).HasMaxLength(128);
    }
}
