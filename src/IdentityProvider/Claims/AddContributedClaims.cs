using System.Security.Claims;
using System.Text.Json;
using IdentityProvider.Extensibility;
using IdentityProvider.Protocol;
using Microsoft.IdentityModel.JsonWebTokens;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.Claims;

/// <summary>Puts into access tokens and id_tokens what the host adds and what is mapped. Codes and refresh tokens have none of it: it is asked for anew each time.</summary>
internal sealed class AddContributedClaims(ContributedClaims contributed) : IOpenIddictServerHandler<ProcessSignInContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ProcessSignInContext>()
            .AddFilter<RequireContributors>()
            .UseSingletonHandler<AddContributedClaims>()
            // After everything that this server itself says, which stays.
            .SetOrder(PrepareUserCodePrincipal.Descriptor.Order + 400)
            .Build();

    public async ValueTask HandleAsync(ProcessSignInContext context)
    {
        if (context.Principal is not { } principal)
        {
            return;
        }

        var about = new ClaimsContext
        {
            Target = ClaimsTarget.IdToken,
            SubjectKind = principal.HasClaim(ClaimNames.AuthenticationTime) ? SubjectKind.Person : SubjectKind.Client,
            Subject = ExchangedSubject.Find(context.Transaction)?.Value ?? principal.GetClaim(ClaimNames.Subject)!,
            ClientId = context.ClientId!,
            Audiences = [],
            Scopes = principal.GetScopes(),
            IsPreview = context.Transaction.IsPreview(),
        };
        if (context.IdentityTokenPrincipal?.Identity is ClaimsIdentity idToken)
        {
            Add(idToken, await contributed.CollectAsync(context.Transaction, about, context.CancellationToken));
        }

        if (context.AccessTokenPrincipal is { Identity: ClaimsIdentity accessToken } token)
        {
            about = about with { Target = ClaimsTarget.AccessToken, Audiences = token.GetAudiences(), Scopes = token.GetScopes() };
            Add(accessToken, await contributed.CollectAsync(context.Transaction, about, context.CancellationToken));
        }
    }

    private static void Add(ClaimsIdentity token, IReadOnlyList<ContributedClaim> claims)
    {
        foreach (var claim in claims.Where(claim => !token.HasClaim(present => present.Type == claim.Name)))
        {
            token.AddClaim(claim.Value.ValueKind == JsonValueKind.String
                ? new Claim(claim.Name, claim.Value.GetString()!, ClaimValueTypes.String)
                : new Claim(claim.Name, claim.Value.GetRawText(), TypeOf(claim.Value)));
        }
    }

    private static string TypeOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => ClaimValueTypes.Boolean,
        JsonValueKind.Number => value.TryGetInt64(out _) ? ClaimValueTypes.Integer64 : ClaimValueTypes.Double,
        JsonValueKind.Array => JsonClaimValueTypes.JsonArray,
        _ => JsonClaimValueTypes.Json,
    };

    internal sealed class RequireContributors(ContributedClaims contributed) : IOpenIddictServerHandlerFilter<ProcessSignInContext>
    {
        public ValueTask<bool> IsActiveAsync(ProcessSignInContext context) => contributed.AreThereAsync(context.CancellationToken);
    }
}
