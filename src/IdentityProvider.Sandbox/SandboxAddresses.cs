namespace IdentityProvider.Sandbox;

/// <summary>Where the four applications are found: origins without a trailing slash.</summary>
internal sealed record SandboxAddresses(string Provider, string WebApp, string Api, string Google)
{
    /// <summary>The addresses written in <c>sandbox.json</c>.</summary>
    public static SandboxAddresses Default { get; } = From(
        SandboxOptions.DefaultPort, SandboxOptions.DefaultPort + 1, SandboxOptions.DefaultPort + 2, SandboxOptions.DefaultPort + 3);

    public static SandboxAddresses From(int provider, int webApp, int api, int google) =>
        new($"http://localhost:{provider}", $"http://localhost:{webApp}", $"http://localhost:{api}", $"http://localhost:{google}");
}
