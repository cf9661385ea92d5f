using System.Text.Json;

namespace IdentityProvider.Benchmarks.Servers;

/// <summary>A running server under load: where its endpoints are, as its own discovery document says.</summary>
internal sealed class Target : IAsyncDisposable
{
    private readonly Func<ValueTask> cleanUp;

    private Target(string name, ServerProcess process, Func<ValueTask> cleanUp)
    {
        Name = name;
        Process = process;
        this.cleanUp = cleanUp;
    }

    public string Name { get; }

    public ServerProcess Process { get; }

    public string Issuer { get; private set; } = "";

    public string Authorization { get; private set; } = "";

    public string Token { get; private set; } = "";

    public string PushedAuthorization { get; private set; } = "";

    public string UserInfo { get; private set; } = "";

    public string Introspection { get; private set; } = "";

    /// <summary>Empty on a server that has none.</summary>
    public string EndSession { get; private set; } = "";

    public string JsonWebKeySet { get; private set; } = "";

    public static string Discovery => "/.well-known/openid-configuration";

    public static async Task<Target> FromAsync(string name, ServerProcess process, Func<ValueTask>? cleanUp = null)
    {
        using var http = new HttpClient { BaseAddress = process.Address };
        using var metadata = JsonDocument.Parse(await http.GetByteArrayAsync(Discovery));
        string Read(string member) => metadata.RootElement.GetProperty(member).GetString()!;
        return new Target(name, process, cleanUp ?? (() => ValueTask.CompletedTask))
        {
            Issuer = Read("issuer"),
            Authorization = Read("authorization_endpoint"),
            Token = Read("token_endpoint"),
            PushedAuthorization = Read("pushed_authorization_request_endpoint"),
            UserInfo = Read("userinfo_endpoint"),
            Introspection = Read("introspection_endpoint"),
            EndSession = metadata.RootElement.TryGetProperty("end_session_endpoint", out var end) ? end.GetString()! : "",
            JsonWebKeySet = Read("jwks_uri"),
        };
    }

    /// <summary>A server that speaks no OpenID Connect.</summary>
    public static Target Plain(string name, ServerProcess process) => new(name, process, () => ValueTask.CompletedTask);

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        await cleanUp();
    }
}
