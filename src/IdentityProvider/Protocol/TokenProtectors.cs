using System.Collections.Concurrent;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using OpenIddict.Server.DataProtection;

namespace IdentityProvider.Protocol;

/// <summary>
/// Keeps the protectors of codes and refresh tokens: the library asks for a chain of four of them for each token, and each writes down its purposes anew.
/// The library alone is given this one, and its purposes are a handful of constants.
/// </summary>
internal sealed class TokenProtectors(IDataProtectionProvider provider) : IPostConfigureOptions<OpenIddictServerDataProtectionOptions>
{
    private readonly Kept kept = new(provider);

    public void PostConfigure(string? name, OpenIddictServerDataProtectionOptions options) => options.DataProtectionProvider = kept;

    private sealed class Kept(IDataProtectionProvider inner) : IDataProtector
    {
        private readonly ConcurrentDictionary<string, Kept> children = new(StringComparer.Ordinal);

        public IDataProtector CreateProtector(string purpose) =>
            children.GetOrAdd(purpose, static (purpose, inner) => new Kept(inner.CreateProtector(purpose)), inner);

        public byte[] Protect(byte[] plaintext) => ((IDataProtector)inner).Protect(plaintext);

        public byte[] Unprotect(byte[] protectedData) => ((IDataProtector)inner).Unprotect(protectedData);
    }
}
