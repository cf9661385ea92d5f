using Microsoft.Extensions.Options;
using OpenIddict.Server;

namespace IdentityProvider.Keys;

/// <summary>
/// Puts the ring's keys into the library's options. The options are built again, with every Configure of the program,
/// whenever the ring changes.
/// </summary>
internal sealed class SignWithKeyRing(KeyRing ring) : IConfigureOptions<OpenIddictServerOptions>
{
    // The library keeps this order (its sort finds all of them equal), signs with the first, publishes and accepts all.
    public void Configure(OpenIddictServerOptions options) => options.SigningCredentials.InsertRange(0, ring.Published);
}
