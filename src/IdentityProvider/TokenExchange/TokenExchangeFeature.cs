using IdentityProvider.Protocol;
using Microsoft.Extensions.DependencyInjection;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace IdentityProvider.TokenExchange;

/// <summary>
/// Token exchange (RFC 8693): an API that was called with a person's token gets one of its own for the next API.
/// Endpoint: /connect/token. Rows: none; the new token hangs on the grant of the old one.
/// Registration: <c>token_exchange</c> (<see cref="Clients.ClientTokenExchange"/>). Subject and actor tokens are access tokens of ours:
/// an id_token has no scope and no grant to hang on, and a refresh token is for nobody but its client.
/// </summary>
internal static class TokenExchangeFeature
{
    public static IServiceCollection AddTokenExchange(this IServiceCollection services) => services
        .AddSingleton<ExchangeRegistrations>()
        .AddSingleton<TokenHolders>();

    public static OpenIddictServerBuilder UseTokenExchange(this OpenIddictServerBuilder server)
    {
        server
            .AllowTokenExchangeFlow()
            // The audience parameter names resources, which live in our own catalog.
            .DisableAudienceValidation()
            .IgnoreAudiencePermissions()
            .Configure(options =>
            {
                foreach (var types in new[] { options.SubjectTokenTypes, options.ActorTokenTypes, options.RequestedTokenTypes })
                {
                    types.Clear();
                    types.Add(TokenTypeIdentifiers.AccessToken);
                }
            });
        return server
            .Add(RequireExchangeGrant.Descriptor)     // §5
            .Replace(LeaveToPolicy.PartiesBuiltIn, LeaveToPolicy.Parties)
            .Replace(LeaveToPolicy.ScopesBuiltIn, LeaveToPolicy.Scopes)
            .Add(TokenExchangeGrant.Descriptor)       // §2.1, §4.1, §4.4
            .Add(AnswerExchange.WithOneToken)         // §2.2.1
            .Add(AnswerExchange.WithItsType)
            .Add(AnswerExchange.WithItsErrors);       // §2.2.2
    }
}
