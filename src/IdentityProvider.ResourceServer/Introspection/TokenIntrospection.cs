using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace IdentityProvider.ResourceServer;

/// <summary>
/// Asks the identity provider about a token (RFC 7662). An answer is used again for a few seconds, and many requests with one token
/// ask once. Whatever is no clear answer opens nothing.
/// </summary>
internal sealed partial class TokenIntrospection(
    IHttpClientFactory clients, ProviderMetadata metadata, IOptions<ResourceServerOptions> options, TimeProvider clock, ILogger<TokenIntrospection> logger)
{
    private readonly ResourceServerOptions settings = options.Value;
    private readonly IntrospectionCache answers = new(options.Value.Introspection.CacheSize, clock);
    // Made-up tokens must not push good ones out.
    private readonly IntrospectionCache refusals = new(options.Value.Introspection.CacheSize / 10, clock);
    private readonly ConcurrentDictionary<IntrospectionCache.Key, Lazy<Task<IntrospectionAnswer>>> questions = new();

    public async Task<IntrospectionAnswer> AskAsync(string token, CancellationToken cancellationToken)
    {
        var key = IntrospectionCache.Key.Of(token);
        if ((answers.Find(key) ?? refusals.Find(key)) is { } known)
        {
            return known;
        }

        // Not cancelled by one caller that goes away: others may wait for the same answer. The client's timeout ends it.
        var question = questions.GetOrAdd(key, _ => new(() => AskOnceAsync(token, key)));
        return await question.Value.WaitAsync(cancellationToken);
    }

    private async Task<IntrospectionAnswer> AskOnceAsync(string token, IntrospectionCache.Key key)
    {
        try
        {
            var asked = clock.GetUtcNow();
            var answer = await FetchAsync(token);
            var until = asked + settings.Introspection.CacheDuration;
            switch (answer)
            {
                case IntrospectionAnswer.Active active:
                    answers.Add(key, active, active.ExpiresAt < until ? active.ExpiresAt.Value : until);
                    break;
                case IntrospectionAnswer.Refused refused:
                    refusals.Add(key, refused, until);
                    break;
                case IntrospectionAnswer.Unavailable unavailable:
                    Log.NoAnswer(logger, unavailable.Reason);
                    break;
            }

            return answer;
        }
        finally
        {
            questions.TryRemove(key, out _);
        }
    }

    private async Task<IntrospectionAnswer> FetchAsync(string token)
    {
        try
        {
            var document = await metadata.GetConfigurationAsync(CancellationToken.None);
            if (Endpoint(document) is not { } endpoint)
            {
                return new IntrospectionAnswer.Unavailable("The identity provider names no introspection endpoint that may be asked.");
            }

            using var request = new HttpRequestMessage(HttpMethod.Post, endpoint)
            {
                Content = new FormUrlEncodedContent([new("token", token), new("token_type_hint", "access_token")]),
            };
            request.Headers.Authorization = Credentials(settings.Introspection);
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
            using var client = clients.CreateClient(ProviderMetadata.HttpClientName);
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseContentRead, CancellationToken.None);
            return response.StatusCode == HttpStatusCode.OK
                && string.Equals(response.Content.Headers.ContentType?.MediaType, "application/json", StringComparison.OrdinalIgnoreCase)
                ? IntrospectionDocument.Read(await response.Content.ReadAsByteArrayAsync(CancellationToken.None), settings, clock.GetUtcNow())
                : new IntrospectionAnswer.Unavailable($"The answer has status {(int)response.StatusCode} and type {response.Content.Headers.ContentType?.MediaType}.");
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException or IOException or ProviderUnavailableException)
        {
            return new IntrospectionAnswer.Unavailable($"{failure.GetType().Name}: {failure.Message}");
        }
    }

    private Uri? Endpoint(OpenIdConnectConfiguration document) =>
        Uri.TryCreate(document.IntrospectionEndpoint, UriKind.Absolute, out var endpoint)
        && (endpoint.Scheme == Uri.UriSchemeHttps || (endpoint.Scheme == Uri.UriSchemeHttp && !settings.RequireHttpsMetadata))
            ? endpoint
            : null;

    // RFC 6749 §2.3.1: both are form-encoded before they are put together.
    private static AuthenticationHeaderValue Credentials(IntrospectionOptions options) => new("Basic", Convert.ToBase64String(
        Encoding.ASCII.GetBytes($"{Uri.EscapeDataString(options.ClientId)}:{Uri.EscapeDataString(options.ClientSecret)}")));

    private static partial class Log
    {
        [LoggerMessage(EventId = 2, Level = LogLevel.Error, Message = "The identity provider could not be asked about a token: {Reason}")]
        public static partial void NoAnswer(ILogger logger, string reason);
    }
}
