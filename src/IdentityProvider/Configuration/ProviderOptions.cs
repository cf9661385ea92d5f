using Microsoft.Extensions.Hosting;

namespace IdentityProvider.Configuration;

/// <summary>The root of the section <c>IdentityProvider</c>.</summary>
internal sealed class ProviderOptions : ICheckedSettings
{
    public const string Section = "IdentityProvider";

    /// <summary>
    /// The issuer identifier (OpenID Connect Discovery 1.0 §3), emitted byte for byte as written here.
    /// Scheme and host of every address this server names come from it, never from a request.
    /// </summary>
    public string Issuer { get; set; } = "";

    /// <summary>Path of a declaration file (clients, scopes, resources, roles, users) applied at start.</summary>
    public string? Declarations { get; set; }

    /// <summary>Allows an <c>http</c> issuer outside Development. Tokens and cookies then travel unprotected.</summary>
    public bool AllowInsecureTransport { get; set; }

    public IEnumerable<string> Problems(IHostEnvironment environment)
    {
        if (IssuerProblem(environment) is { } problem)
        {
            yield return problem;
        }

        if (Declarations is not null && !File.Exists(DeclarationsPath(environment)))
        {
            yield return $"{Section}:Declarations names the file {DeclarationsPath(environment)}, which does not exist; correct the path or remove the setting.";
        }
    }

    /// <summary>The declaration file; a relative path starts at the content root.</summary>
    public string? DeclarationsPath(IHostEnvironment environment) =>
        Declarations is null ? null : Path.Combine(environment.ContentRootPath, Declarations);

    private string? IssuerProblem(IHostEnvironment environment)
    {
        const string key = Section + ":Issuer";
        if (Issuer.Length == 0)
        {
            return $"{key} is missing; set it to the https address people and apps reach this server at, such as https://login.example.com.";
        }

        if (!Uri.TryCreate(Issuer, UriKind.Absolute, out var address) || address.Scheme is not ("https" or "http") || address.Host.Length == 0)
        {
            return $"{key} is \"{Issuer}\", which is no web address; write it as https://login.example.com.";
        }

        // Discovery 1.0 §3 and RFC 8414 §2: no query and no fragment. User information would be published in every token.
        if (address.UserInfo.Length > 0 || Issuer.AsSpan().IndexOfAny('?', '#') >= 0)
        {
            return $"{key} must not have a user name, a query or a fragment; write {address.GetLeftPart(UriPartial.Path).Replace(address.UserInfo + "@", "", StringComparison.Ordinal).TrimEnd('/')}.";
        }

        // Every client compares the issuer byte by byte, so there is one right way to write it.
        var canonical = address.AbsoluteUri.TrimEnd('/');
        if (Issuer != canonical)
        {
            return Issuer.EndsWith('/') && Issuer.TrimEnd('/') == canonical
                ? $"{key} ends with a slash; write it as {canonical}."
                : $"{key} is \"{Issuer}\"; write it as {canonical}.";
        }

        return address.Scheme == "http" && !AllowInsecureTransport && !environment.IsDevelopment()
            ? $"{key} is an http address, over which passwords and tokens travel readable; use https, or set {Section}:AllowInsecureTransport to true if you accept that."
            : null;
    }
}
