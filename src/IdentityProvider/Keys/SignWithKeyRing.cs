using Microsoft.Extensions.Options;
using OpenIddict.Server;

namespace IdentityProvider.Keys;

/// <summary>
/// Puts the ring's keys into the library's options. The options are built again, with every Configure of the program,
/// whenever the ring changes.
/// </summary>
internal sealed class SignWithKeyRing(KeyRing ring) : IConfigureOptions<OpenIddictServerOptions>
{
    // The library publishes and accepts all of them. What it would sign with is not left to it (SignatureKeys): it sorts them,
    // finds all equal, and its sort does not keep the order of more than sixteen.
    public void Configure(OpenIddictServerOptions options) => options.SigningCredentials.InsertRange(0, ring.Published);
}
