using System.Collections.Frozen;
using System.Security.Cryptography;
using IdentityProvider.Protocol;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.AspNetCore.WebUtilities;

namespace IdentityProvider.Pages;

/// <summary>The style sheet, scripts and pictures of the pages, which travel inside this library.</summary>
internal sealed class Assets
{
    private const string Folder = "wwwroot/";

    private readonly FrozenDictionary<string, Asset> _assets = Read();
    private readonly Issuer _issuer;

    public Assets(Issuer issuer) => _issuer = issuer;

    /// <summary>The address of an asset on this server. It changes with the content, so a browser may keep what it got for good.</summary>
    /// <param name="name">A file of <c>wwwroot</c>, such as <c>idp.css</c>.</param>
    public string Url(string name) => $"{_issuer.PathBase}/assets/{name}?v={_assets[name].Version}";

    public Asset? Find(string name) => _assets.GetValueOrDefault(name);

    private static FrozenDictionary<string, Asset> Read()
    {
        var assembly = typeof(Assets).Assembly;
        var contentTypes = new FileExtensionContentTypeProvider();

        return assembly.GetManifestResourceNames()
            .Where(resource => resource.StartsWith(Folder, StringComparison.Ordinal))
            .Select(resource =>
            {
                using var stream = assembly.GetManifestResourceStream(resource)!;
                var content = new byte[stream.Length];
                stream.ReadExactly(content);
                return Asset.From(resource[Folder.Length..], content, contentTypes.Mappings[Path.GetExtension(resource)]);
            })
            .ToFrozenDictionary(asset => asset.Name, StringComparer.Ordinal);
    }
}

/// <param name="Version">Part of the content's SHA-256, base64url.</param>
internal sealed record Asset(string Name, ReadOnlyMemory<byte> Content, string ContentType, string Version)
{
    public static Asset From(string name, byte[] content, string contentType) =>
        new(name, content, contentType, WebEncoders.Base64UrlEncode(SHA256.HashData(content), 0, 12));
}
