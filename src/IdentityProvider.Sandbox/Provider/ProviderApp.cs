using IdentityProvider.Hosting;
using IdentityProvider.Sandbox.Google;

namespace IdentityProvider.Sandbox.Provider;

/// <summary>The product itself, configured as its documentation says and with nothing changed inside.</summary>
internal static class ProviderApp
{
    // The pages an application serves by default are those of the assembly that bears its name.
    public static string AssemblyName { get; } = typeof(IdentityProviderExtensions).Assembly.GetName().Name!;

    public static void AddProvider(
        this WebApplicationBuilder builder, SandboxAddresses addresses, string declarations, GoogleSettings google)
    {
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["IdentityProvider:Issuer"] = addresses.Provider,
            ["IdentityProvider:Declarations"] = declarations,
            ["IdentityProvider:Google:ClientId"] = google.ClientId,
            ["IdentityProvider:Google:ClientSecret"] = google.ClientSecret,
            ["IdentityProvider:Google:AuthorizationEndpoint"] = google.AuthorizationEndpoint,
            ["IdentityProvider:Google:TokenEndpoint"] = google.TokenEndpoint,
            ["IdentityProvider:Google:UserInformationEndpoint"] = google.UserInfoEndpoint,
            ["IdentityProvider:OutgoingRequests:AllowedPrivateHosts:0"] = new Uri(google.TokenEndpoint).Host,
        });
        builder.AddIdentityProvider();
    }
}
