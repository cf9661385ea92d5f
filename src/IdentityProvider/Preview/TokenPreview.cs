using IdentityProvider.Audit;
using IdentityProvider.Clients;
using IdentityProvider.Data;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace IdentityProvider.Preview;

/// <summary>
/// What a person would get at a client, found out by the same code that issues it, up to where it would be signed or stored: nobody is signed in, no row
/// is written but the record of who looked, and nothing that comes out is a token.
/// </summary>
internal sealed class TokenPreview(
    ClientCatalog clients, UserRows users, GrantRehearsal grants, TokenAnswers answers, AccessNotes access, AuditLog audit)
{
    /// <param name="by">Who looks, for the record.</param>
    public async Task<PreviewedTokens> PreviewAsync(PreviewRequest request, string by, CancellationToken cancellationToken)
    {
        audit.Record(AuditEventType.TokensPreviewed, succeeded: true, request.Subject, request.ClientId,
            reason: $"Previewed by {by}. Scopes: {(request.Scopes.Count > 0 ? string.Join(' ', request.Scopes) : "all")}.");
        var nothing = new PreviewedTokens { Subject = request.Subject, ClientId = request.ClientId };
        if (await clients.FindAsync(request.ClientId, cancellationToken) is not { } client)
        {
            return nothing with { Refusal = new(Errors.InvalidClient, "There is no such client.") };
        }

        if (request.Subject is null)
        {
            return await CompleteAsync(
                nothing, await grants.OfClientAsync(client, request, cancellationToken), await access.OfClientAsync(client.Id, cancellationToken), cancellationToken);
        }

        return await users.FindAsync(request.Subject, cancellationToken) switch
        {
            null => nothing with { Refusal = new(Errors.AccessDenied, "There is nobody with this subject.") },
            { DisabledAt: not null } => nothing with { Refusal = new(Errors.AccessDenied, "The person is disabled: they cannot sign in.") },
            var user => await CompleteAsync(
                nothing, await grants.OfPersonAsync(user, client, request, cancellationToken), await access.OfPersonAsync(user.Id, cancellationToken), cancellationToken),
        };
    }

    private async Task<PreviewedTokens> CompleteAsync(
        PreviewedTokens preview, RehearsedGrant grant, IReadOnlyList<string> assignments, CancellationToken cancellationToken)
    {
        preview = preview with { GrantType = grant.GrantType, Consent = grant.Consent, Refusal = grant.Refusal, Notes = assignments };
        if (grant.SignIn is not { } signIn)
        {
            return preview;
        }

        var notes = assignments.ToList();
        TokenAnswers.Tell(signIn.Transaction, notes);
        if (signIn.AccessTokenPrincipal is { } accessToken)
        {
            preview = preview with { AccessToken = await grants.WriteAsync(signIn, accessToken, TokenTypeIdentifiers.AccessToken) };
            if (await answers.FindSilenceAsync(accessToken, cancellationToken) is { } silence)
            {
                notes.Add(silence);
            }

            accessToken.SetTokenType(TokenTypeIdentifiers.AccessToken);
            preview = preview with
            {
                UserInfo = preview.Subject is { } subject ? await answers.UserInfoAsync(subject, accessToken, notes, cancellationToken) : null,
                Introspection = await answers.IntrospectAsync(preview.Subject, accessToken, notes, cancellationToken),
            };
        }

        return preview with
        {
            Scopes = (signIn.AccessTokenPrincipal ?? signIn.Principal!).GetScopes(),
            IdToken = signIn.IdentityTokenPrincipal is { } idToken ? await grants.WriteAsync(signIn, idToken, TokenTypeIdentifiers.IdentityToken) : null,
            RefreshToken = signIn.GenerateRefreshToken,
            Notes = [.. notes.Distinct(StringComparer.Ordinal)],
        };
    }
}
