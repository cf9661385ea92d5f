using System.Text.Json;
using IdentityProvider.Consents;
using IdentityProvider.Scopes;
using IdentityProvider.Sessions;
using Microsoft.AspNetCore.Http;
using OpenIddict.Abstractions;

namespace IdentityProvider.Authorize;

/// <summary>What the consent page asks, and what its answer does.</summary>
internal sealed class ConsentRequests(
    Interactions interactions, PendingRequests pendingRequests, AuthorizationRegistrations registrations, ScopeCatalog scopes,
    PresentedSessions sessions, ConsentLedger consents)
{
    public async Task<ConsentQuestion> FindAsync(HttpContext http, string? id, CancellationToken cancellationToken)
    {
        if (await interactions.FindAsync(id, cancellationToken) is not { } interaction
            || await pendingRequests.FindAsync(http, id, cancellationToken) is not { } pending)
        {
            return new ConsentQuestion.Gone();
        }

        if (await sessions.FindAsync(http) is not { } session)
        {
            // The session ended while the page lay open: the authorization endpoint knows the way back.
            return new ConsentQuestion.SignInFirst(interaction.ContinueUrl);
        }

        var request = JsonSerializer.Deserialize<OpenIddictRequest>(pending.Parameters)!;
        var (_, access) = await registrations.ReadAsync(request, cancellationToken);
        var known = await scopes.GetAsync(cancellationToken);
        return new ConsentQuestion.Ask(interaction, session, access.Scopes, access.ClaimsBeyondScopes,
            [
                .. known.Find(access.Scopes).Where(scope => scope.Name != KnownScopes.OpenId).Select(scope => Permission.Of(scope, known)),
                .. access.ClaimsBeyondScopes.Select(claim => new Permission(ClaimWords.For(claim), null)),
            ]);
    }

    /// <returns>False when the client was removed or the session ended meanwhile.</returns>
    public async Task<bool> AllowAsync(ConsentQuestion.Ask question, CancellationToken cancellationToken)
    {
        if (!await consents.AllowAsync(question.Session.UserId, question.Session.Subject, question.Interaction.ClientId,
            question.Session.Sid, question.Scopes, question.Claims, cancellationToken))
        {
            return false;
        }

        await interactions.ResumeAsync(question.Interaction, cancellationToken);
        return true;
    }

    public Task DenyAsync(ConsentQuestion.Ask question, CancellationToken cancellationToken) =>
        interactions.DenyAsync(question.Interaction, cancellationToken);
}

/// <summary>What stands on the consent page.</summary>
internal abstract record ConsentQuestion
{
    private ConsentQuestion()
    {
    }

    /// <param name="Permissions">What allowing would mean, in words; one per scope other than openid, and one per claim asked for by name.</param>
    public sealed record Ask(
        Interaction Interaction, CurrentSession Session, IReadOnlyList<string> Scopes, IReadOnlyList<string> Claims,
        IReadOnlyList<Permission> Permissions) : ConsentQuestion;

    public sealed record SignInFirst(string Url) : ConsentQuestion;

    /// <summary>Expired, or not this browser's.</summary>
    public sealed record Gone : ConsentQuestion;
}
