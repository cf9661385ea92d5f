using IdentityProvider.Clients;
using IdentityProvider.Data;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlerFilters;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.Grants;

/// <summary>
/// The row of a code or refresh token, which is written when its content is known (<see cref="TokenRows"/>). The library would describe it, look for its
/// client, have its manager fill it in and check it, to the same end.
/// </summary>
internal sealed class AddTokenRow(ClientCatalog clients, TokenRows rows) : IOpenIddictServerHandler<GenerateTokenContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<GenerateTokenContext>()
            .AddFilter<RequireTokenEntryCreated>()
            .UseScopedHandler<AddTokenRow>()
            .SetOrder(Protection.CreateTokenEntry.Descriptor.Order)
            .Build();

    public async ValueTask HandleAsync(GenerateTokenContext context)
    {
        if (context.TokenType is not (TokenTypeIdentifiers.Private.AuthorizationCode or TokenTypeIdentifiers.RefreshToken))
        {
            throw new InvalidOperationException($"Nothing stores a token of the type {context.TokenType}.");
        }

        var principal = context.Principal!;
        var client = await clients.FindAsync(context.ClientId!, context.CancellationToken)
            ?? throw new InvalidOperationException("The client was removed while its request was being answered.");
        var token = new Token
        {
            ApplicationId = client.Id,
            AuthorizationId = principal.GetAuthorizationId() is { } grantId ? Guid.Parse(grantId) : null,
            CreationDate = principal.GetCreationDate()?.UtcDateTime,
            ExpirationDate = principal.GetExpirationDate()?.UtcDateTime,
            Status = Statuses.Valid,
            Subject = principal.GetClaim(ClaimNames.Subject),
            Type = context.TokenType,
        };
        rows.Add(token);
        principal.SetTokenId(token.Id.ToString());
    }
}
