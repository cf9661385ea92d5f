using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Accounts;

/// <summary>
/// How people come to a session with a password, and the first administrator to an account.
/// Pages: <c>/login</c>, <c>/setup</c>. Commands: <c>setup-link</c>. Rows: SetupLinks.
/// </summary>
internal static class AccountsFeature
{
    public static IServiceCollection AddAccounts(this IServiceCollection services)
    {
        services.AddSingleton<PasswordSignIn>();
        services.AddScoped<SetupLinks>();
        services.AddScoped<FirstAdministrator>();
        services.AddScoped<AdministratorSetup>();
        return services;
    }
}
