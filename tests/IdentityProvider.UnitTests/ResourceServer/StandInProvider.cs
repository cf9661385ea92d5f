using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace IdentityProvider.UnitTests.ResourceServer;

/// <summary>The identity provider as an API meets it over http: discovery document, key set, introspection.</summary>
internal sealed class StandInProvider(TokenMint signer) : HttpMessageHandler
{
    private readonly TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int lookups;
    private int questions;

    /// <summary>Whose keys are published; null for none.</summary>
    public TokenMint? Signer { get; set; } = signer;

    /// <summary>The issuer that the discovery document names.</summary>
    public string Issuer { get; set; } = TokenMint.Issuer;

    /// <summary>Nothing answers at all.</summary>
    public bool IsDown { get; set; }

    /// <summary>What everything waits for before it is answered.</summary>
    public Task Hangs { get; set; } = Task.CompletedTask;

    /// <summary>Somebody waits for what <see cref="Hangs"/>.</summary>
    public Task IsAsked => asked.Task;

    /// <summary>What introspection says of a token.</summary>
    public Func<string, Task<HttpResponseMessage>> Introspect { get; set; } = _ => Task.FromResult(Json("""{"active":false}"""));

    public ConcurrentQueue<(string? Authorization, string Form)> Asked { get; } = new();

    public int Lookups => lookups;

    public int Questions => questions;

    public static HttpResponseMessage Json(string body, HttpStatusCode status = HttpStatusCode.OK) =>
        new(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (IsDown)
        {
            throw new HttpRequestException("Connection refused.");
        }

        if (!Hangs.IsCompleted)
        {
            asked.TrySetResult();
            await Hangs.WaitAsync(cancellationToken);
        }

        switch (request.RequestUri!.AbsolutePath)
        {
            case "/.well-known/openid-configuration":
                return Json(JsonSerializer.Serialize(new
                {
                    issuer = Issuer,
                    jwks_uri = TokenMint.Issuer + "/keys",
                    introspection_endpoint = TokenMint.Issuer + "/introspect",
                }));
            case "/keys":
                Interlocked.Increment(ref lookups);
                return Json(JsonSerializer.Serialize(new { keys = (Signer?.PublicKeys ?? []).Select(JsonWebKeyConverter.ConvertFromSecurityKey).Select(Describe) }));
            case "/introspect":
                Interlocked.Increment(ref questions);
                var form = await request.Content!.ReadAsStringAsync(cancellationToken);
                Asked.Enqueue((request.Headers.Authorization?.ToString(), form));
                return await Introspect(form).WaitAsync(cancellationToken);
            default:
                return new HttpResponseMessage(HttpStatusCode.NotFound);
        }
    }

    private static object Describe(JsonWebKey key) =>
        new { kty = key.Kty, kid = key.Kid, n = key.N, e = key.E, crv = key.Crv, x = key.X, y = key.Y };
}
