using IdentityProvider.Claims;
using IdentityProvider.Clients;
using IdentityProvider.Consents;
using IdentityProvider.Sessions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace IdentityProvider.Authorize;

/// <summary>Gathers what is known of a request, of its client and of the person in this browser.</summary>
internal sealed class AuthorizationSituations(
    PresentedSessions sessions, ConsentLedger consents, AuthorizationRegistrations registrations, PairwiseSubjects subjects, TimeProvider clock)
{
    public async Task<AuthorizationSituation> ReadAsync(
        HttpContext http, OpenIddictRequest request, PendingRequest? pending, CancellationToken cancellationToken)
    {
        var session = await sessions.FindAsync(http);
        var (client, access) = await registrations.ReadAsync(request, cancellationToken);
        var consent = session is null ? null : await consents.FindAsync(session.UserId, client.ClientId, cancellationToken);
        var wantedAcr = WantedAcr(request, client, access);
        var now = clock.GetUtcNow().UtcDateTime;

        return new AuthorizationSituation(session, client, access, wantedAcr, new AuthorizationFacts(
            request.GetPromptValues().ToHashSet(StringComparer.Ordinal),
            MaxAge(request, client),
            pending?.StartedAt ?? now,
            now,
            session?.AuthenticatedAt,
            Denied: pending?.DeniedAt is not null,
            NamesSomebodyElse: session is not null && await NamesSomebodyElseAsync(http, session, client, access, cancellationToken),
            Acr: AcrValues.FitOf(session?.Acr, wantedAcr),
            AcrEssential: access.Claims.RequiresAcr,
            AccountChosen: pending?.ChosenSessionId is { } chosen && chosen == session?.Sid,
            SkipsConsent: client.Metadata.IsFirstParty,
            ConsentCovers: consent is not null && access.IsCoveredBy(consent),
            ConsentedAt: consent?.GrantedAt,
            MayBeImitated: client.MayBeImitatedAt(request.RedirectUri)));
    }

    private static TimeSpan? MaxAge(OpenIddictRequest request, RegisteredClient client) =>
        (request.MaxAge ?? client.Metadata.DefaultMaxAge) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

    // OpenID Connect Core §5.5.1.1: acr_values asks for the same as a voluntary acr claim does, and the registered default speaks when neither does.
    private static IReadOnlyList<string> WantedAcr(OpenIddictRequest request, RegisteredClient client, RequestedAccess access) =>
        access.Claims.Acr.Count > 0 ? access.Claims.Acr
        : request.HasParameter(Parameters.AcrValues) ? request.GetAcrValues()
        : client.Metadata.DefaultAcrValues;

    private async Task<bool> NamesSomebodyElseAsync(
        HttpContext http, CurrentSession session, RegisteredClient client, RequestedAccess access, CancellationToken cancellationToken)
    {
        // The library has verified the hint: our signature, our issuer, and that it was made for this client. It may have expired.
        var hint = (await http.AuthenticateAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme)).Principal?.GetClaim(ClaimNames.Subject);
        if (hint is not null && !await subjects.MeansAsync(hint, session.UserId, session.Subject, cancellationToken))
        {
            return true;
        }

        if (access.Claims.Subjects is not { } named)
        {
            return false;
        }

        // Nothing proves where the client has this subject from: only the one it knows people by counts, or it could try out those of other sectors.
        var subject = client.Metadata.SubjectType == SubjectTypes.Pairwise
            ? await subjects.FindAsync(session.UserId, ClientSubjectRules.SectorOf(client.Metadata), cancellationToken)
            : session.Subject;
        return subject is null || !named.Contains(subject);
    }
}

/// <summary>What is known of a request.</summary>
/// <param name="WantedAcr">The authentication context classes asked for, the most wanted first.</param>
internal sealed record AuthorizationSituation(
    CurrentSession? Session, RegisteredClient Client, RequestedAccess Access, IReadOnlyList<string> WantedAcr, AuthorizationFacts Facts);
