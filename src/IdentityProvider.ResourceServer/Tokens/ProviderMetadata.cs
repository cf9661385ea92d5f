using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace IdentityProvider.ResourceServer;

/// <summary>
/// The identity provider's discovery document and key set, read again when they are old or a key is not among them.
/// The library's own keeper of both would trust a removed key for an hour longer (its "last known good" set), and for as long as nobody calls.
/// </summary>
internal sealed partial class ProviderMetadata : BaseConfigurationManager, IConfigurationManager<OpenIdConnectConfiguration>, IDisposable
{
    /// <summary>The name of the HttpClient that asks the identity provider.</summary>
    public const string HttpClientName = "IdentityProvider.ResourceServer";

    // Whoever makes key ids up must not make this API ask for each of them.
    private static readonly TimeSpan betweenRequestedReads = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan betweenFailedReads = TimeSpan.FromSeconds(5);

    private readonly IHttpClientFactory clients;
    private readonly ResourceServerOptions options;
    private readonly TimeProvider clock;
    private readonly ILogger logger;
    private readonly SemaphoreSlim reading = new(1, 1);
    private readonly Lock gate = new();
    private volatile Reading? last;
    private volatile bool wanted;
    private DateTimeOffset nextRequestedRead = DateTimeOffset.MinValue;
    private DateTimeOffset nextRead = DateTimeOffset.MinValue;

    public ProviderMetadata(IHttpClientFactory clients, IOptions<ResourceServerOptions> options, TimeProvider clock, ILogger<ProviderMetadata> logger)
    {
        (this.clients, this.options, this.clock, this.logger) = (clients, options.Value, clock, logger);
        MetadataAddress = this.options.Authority.TrimEnd('/') + "/.well-known/openid-configuration";
        UseLastKnownGoodConfiguration = false;
    }

    public override async Task<BaseConfiguration> GetBaseConfigurationAsync(CancellationToken cancel) => await GetConfigurationAsync(cancel);

    /// <exception cref="ProviderUnavailableException">Nothing was read, or too long ago, and the identity provider does not answer.</exception>
    public async Task<OpenIdConnectConfiguration> GetConfigurationAsync(CancellationToken cancel)
    {
        if (IsFresh(last))
        {
            return last!.Document;
        }

        // While one caller reads, the others go on with what is known: a provider that hangs must not make all of them hang.
        if (!await reading.WaitAsync(last is { } old && IsUsable(old) ? TimeSpan.Zero : Timeout.InfiniteTimeSpan, cancel))
        {
            return last!.Document;
        }

        try
        {
            // Somebody else may have read it meanwhile.
            if (IsFresh(last))
            {
                return last!.Document;
            }

            if (clock.GetUtcNow() >= nextRead)
            {
                await ReadAsync();
            }

            return last is { } known && IsUsable(known)
                ? known.Document
                : throw new ProviderUnavailableException("The key set of the identity provider could not be read.");
        }
        finally
        {
            reading.Release();
        }
    }

    public override void RequestRefresh()
    {
        lock (gate)
        {
            var now = clock.GetUtcNow();
            if (now >= nextRequestedRead)
            {
                nextRequestedRead = now + betweenRequestedReads;
                wanted = true;
            }
        }
    }

    public void Dispose() => reading.Dispose();

    private bool IsFresh(Reading? known) => known is not null && !wanted && clock.GetUtcNow() < known.At + options.KeySetLifetime;

    private bool IsUsable(Reading known) => clock.GetUtcNow() < known.At + options.KeySetLifetimeInOutage;

    private async Task ReadAsync()
    {
        // A key set is as old as the question, not as the answer.
        var now = clock.GetUtcNow();
        wanted = false;
        try
        {
            var retriever = new HttpDocumentRetriever(clients.CreateClient(HttpClientName)) { RequireHttps = options.RequireHttpsMetadata };
            // One caller that goes away must not spoil it for those who wait: the client's own timeout ends it.
            var document = await OpenIdConnectConfigurationRetriever.GetAsync(MetadataAddress, retriever, CancellationToken.None);
            // OpenID Connect Discovery §4.3.
            if (!string.Equals(document.Issuer, options.Authority, StringComparison.Ordinal))
            {
                throw new ProviderUnavailableException($"The discovery document names the issuer {document.Issuer}, not {options.Authority}.");
            }

            last = new Reading(document, now);
        }
        // Whatever is wrong with an answer: the last good one is used while it may be, and then none.
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            nextRead = now + betweenFailedReads;
            Log.NotRead(logger, MetadataAddress, failure);
        }
    }

    private sealed record Reading(OpenIdConnectConfiguration Document, DateTimeOffset At);

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "The key set of the identity provider could not be read ({Address}).")]
        public static partial void NotRead(ILogger logger, string address, Exception failure);
    }
}
