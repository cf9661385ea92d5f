using IdentityProvider.Benchmarks.Servers;

namespace IdentityProvider.Benchmarks.Load;

/// <summary>A confidential client that people sign in to.</summary>
internal sealed record RelyingParty(string ClientId, string Secret)
{
    public static RelyingParty Portal { get; } = new(Cast.Portal, Cast.PortalSecret);

    public string Authorization { get; } = Wire.Basic(ClientId, Secret);
}
