using IdentityProvider.Configuration;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Protocol;

/// <summary>
/// The issuer identifier of this deployment and every address derived from it.
/// One deployment is one issuer; the request never has a say.
/// </summary>
internal sealed class Issuer
{
    public Issuer(IOptions<ProviderOptions> options)
    {
        Value = options.Value.Issuer;
        Address = new Uri(Value, UriKind.Absolute);
    }

    /// <summary>The identifier exactly as configured: compare and emit this, never <see cref="Address"/>.</summary>
    public string Value { get; }

    public Uri Address { get; }

    public bool IsHttps => Address.Scheme == Uri.UriSchemeHttps;

    /// <summary>The path of the issuer without a trailing slash: empty for a root issuer.</summary>
    public string PathBase => Address.AbsolutePath.TrimEnd('/');

    public string Origin => Address.GetLeftPart(UriPartial.Authority);

    /// <summary>The absolute address of one of our own paths.</summary>
    /// <param name="path">A path that begins with a slash, such as <c>/connect/token</c>.</param>
    public string UrlOf(string path) => Origin + PathBase + path;
}
