using IdentityProvider.Data;
using IdentityProvider.Jobs;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Users;

/// <summary>
/// People and their passwords: making, finding, changing and disabling accounts, and proving one by its password.
/// Page: <c>/reset</c>. Rows: Users, UserLogins, UserRoles, Roles, PasswordResets. Passwords: Argon2id (RFC 9106), older hashes replaced at sign-in.
/// </summary>
internal static class UsersFeature
{
    public static IServiceCollection AddUsers(this IServiceCollection services)
    {
        services.AddSingleton<HashingQueue>();
        services.AddSingleton<PasswordHasher>();
        // Before Identity's own registration, which gives way to one that is there.
        services.AddSingleton<IPasswordHasher<User>>(provider => provider.GetRequiredService<PasswordHasher>());
        services.AddSingleton<ILookupNormalizer, UpperInvariantLookupNormalizer>();
        services.AddSingleton<NewPasswords>();
        services.AddSingleton<GivenPasswords>();

        services.AddScoped<UserDirectory>();
        services.AddScoped<UserAccounts>();
        services.AddScoped<ExternalLogins>();
        services.AddScoped<DeclaredUsers>();
        services.AddScoped<RoleRegistry>();
        services.AddScoped<RoleMembers>();
        services.AddScoped<AccountStatus>();
        services.AddScoped<AccountRemoval>();
        services.AddScoped<PasswordChange>();
        services.AddScoped<WaysIn>();
        services.AddScoped<PreparedAccounts>();
        services.AddScoped<PasswordResets>();
        services.AddSingleton<RecurringJob, PrunePasswordResets>();
        services.AddSingleton<AccountSearch>();
        services.AddSingleton<AccountComparison>();
        services.AddSingleton<Lockout>();
        services.AddSingleton<PasswordCheck>();

        services.AddIdentityCore<User>(identity =>
            {
                // The rules are UserRules' and PasswordRules'; Identity's managers must not contradict them.
                identity.User.AllowedUserNameCharacters = "";
                identity.Password.RequiredLength = PasswordRules.MinimumLength;
                identity.Password.RequireDigit = false;
                identity.Password.RequireLowercase = false;
                identity.Password.RequireUppercase = false;
                identity.Password.RequireNonAlphanumeric = false;
                identity.Lockout.MaxFailedAccessAttempts = Lockout.MaximumFailures;
                identity.Lockout.DefaultLockoutTimeSpan = Lockout.Duration;
            })
            .AddRoles<Role>();
        // What AddEntityFrameworkStores adds, but made where it is asked for: an idle server does without.
        services.AddScoped<IUserStore<User>>(scope => new UserStore<User, Role, AppDbContext, Guid>(scope.GetRequiredService<AppDbContext>()));
        services.AddScoped<IRoleStore<Role>>(scope => new RoleStore<Role, AppDbContext, Guid>(scope.GetRequiredService<AppDbContext>()));
        return services;
    }
}
