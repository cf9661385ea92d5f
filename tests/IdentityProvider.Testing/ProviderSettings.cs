using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Testing;

/// <summary>How a provider under test is set up. Everything has a default that suits most tests.</summary>
public sealed record ProviderSettings
{
    public TestDatabase Database { get; init; } = TestDatabase.Sqlite;

    /// <summary>Clients, scopes, resources, roles and users in the format of a declaration file; null for an empty server.</summary>
    public string? Declaration { get; init; } = StandardDeclaration.Json;

    /// <summary>The issuer; null for <c>http://localhost:{port}</c>. An <c>https</c> issuer is served over TLS.</summary>
    public string? Issuer { get; init; }

    public string Environment { get; init; } = "Development";

    /// <summary>Settings on top of the database's and the issuer's, by their full key.</summary>
    public IReadOnlyDictionary<string, string?> Configuration { get; init; } = new Dictionary<string, string?>();

    /// <summary>A last word on the registered services, such as a faked upstream.</summary>
    public Action<IServiceCollection>? Services { get; init; }
}
