using static OpenIddict.Abstractions.OpenIddictConstants;

namespace IdentityProvider.Protocol;

/// <summary>The asymmetric signature algorithms of RFC 7518 §3.1: all that this server signs with and accepts.</summary>
internal static class SignatureAlgorithms
{
    /// <summary>RS256 first, which OpenID Connect Core §15.1 demands of everybody.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        Algorithms.RsaSha256, Algorithms.RsaSha384, Algorithms.RsaSha512,
        Algorithms.RsaSsaPssSha256, Algorithms.RsaSsaPssSha384, Algorithms.RsaSsaPssSha512,
        Algorithms.EcdsaSha256, Algorithms.EcdsaSha384, Algorithms.EcdsaSha512,
    ];
}
