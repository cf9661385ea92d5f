using System.Buffers;
using IdentityProvider.Audit;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.Authorize;

/// <summary>RFC 7636 §4.2: a code challenge has 43 to 128 unreserved characters; that of S256 has exactly 43.</summary>
internal sealed class ValidateCodeChallenge : IOpenIddictServerHandler<ValidateAuthorizationRequestContext>
{
    private static readonly SearchValues<char> Unreserved =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~");

    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ValidateAuthorizationRequestContext>()
            .UseSingletonHandler<ValidateCodeChallenge>()
            .SetOrder(Authentication.ValidateProofKeyForCodeExchangeParameters.Descriptor.Order + 500)
            .Build();

    public ValueTask HandleAsync(ValidateAuthorizationRequestContext context)
    {
        if (context.Request.CodeChallenge is { Length: > 0 } challenge
            && (challenge.Length is < 43 or > 128 || challenge.AsSpan().ContainsAnyExcept(Unreserved)))
        {
            Decision.Explain(context, "pkce.challenge_length", Difference.Noted(Parameters.CodeChallenge, $"It has {challenge.Length} characters."));
            context.Reject(Errors.InvalidRequest, "The code_challenge must have 43 to 128 unreserved characters.");
        }

        return ValueTask.CompletedTask;
    }
}
