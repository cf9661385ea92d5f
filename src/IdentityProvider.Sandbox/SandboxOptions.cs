namespace IdentityProvider.Sandbox;

/// <summary>What can be chosen about a sandbox. Port 0 means any free one.</summary>
internal sealed record SandboxOptions
{
    public const int DefaultPort = 5080;

    public int ProviderPort { get; init; } = DefaultPort;

    public int WebAppPort { get; init; } = DefaultPort + 1;

    public int ApiPort { get; init; } = DefaultPort + 2;

    public int GooglePort { get; init; } = DefaultPort + 3;

    /// <summary>The folder in which <c>data/</c> is made.</summary>
    public required string Root { get; init; }

    /// <summary>What is written to the console besides the table.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Warning;

    /// <summary>The clock of all four applications.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Whether every hour is a working hour at the sample API.</summary>
    public bool IsOfficeAlwaysOpen { get; init; }

    /// <summary>A last word on the provider before it is built, for tests.</summary>
    public Action<WebApplicationBuilder>? ConfigureProvider { get; init; }

    /// <summary>A sandbox beside others: four free ports and a folder of its own.</summary>
    public static SandboxOptions OnFreePorts(string root) =>
        new() { ProviderPort = 0, WebAppPort = 0, ApiPort = 0, GooglePort = 0, Root = root };
}
