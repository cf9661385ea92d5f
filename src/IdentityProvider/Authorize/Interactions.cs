using System.Text.Json;
using IdentityProvider.Audit;
using IdentityProvider.Clients;
using IdentityProvider.Sessions;
using Microsoft.AspNetCore.Http;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace IdentityProvider.Authorize;

/// <summary>What the sign-in and consent pages need to know of the request that brought a person here.</summary>
internal sealed class Interactions(
    PendingRequests pendingRequests, ClientCatalog clients, PresentedSessions sessions, IHttpContextAccessor http, AuditLog audit)
{
    private HttpContext Http => http.HttpContext ?? throw new InvalidOperationException("Pages run within a request.");

    /// <summary>The pending request with this id, when this very browser started it and it has not expired; otherwise null.</summary>
    public async Task<Interaction?> FindAsync(string? id, CancellationToken cancellationToken)
    {
        var pending = await pendingRequests.FindAsync(Http, id, cancellationToken);
        if (pending is null || await clients.FindAsync(pending.ClientId, cancellationToken) is not { } client)
        {
            return null;
        }

        var request = JsonSerializer.Deserialize<OpenIddictRequest>(pending.Parameters)!;
        var asksForAccount = request.HasPromptValue(PromptValues.SelectAccount) && !request.HasPromptValue(PromptValues.Login);
        return new Interaction(
            pending.Id,
            client.ClientId,
            client.DisplayName,
            client.Metadata.LogoUri,
            client.Metadata.ClientUri,
            client.Metadata.PolicyUri,
            client.Metadata.TosUri,
            FormActionSources.Of(client),
            request.LoginHint,
            asksForAccount && await sessions.FindAsync(Http) is not null,
            Uri.TryCreate(request.RedirectUri, UriKind.Absolute, out var redirect) && redirect.Host.Length > 0 ? redirect.Authority : null);
    }

    /// <summary>The person pressed Cancel: continuing answers the client with <c>access_denied</c>.</summary>
    public async Task DenyAsync(Interaction interaction, CancellationToken cancellationToken)
    {
        await pendingRequests.DenyAsync(interaction.Id, cancellationToken);
        var session = await sessions.FindAsync(Http);
        audit.Record(AuditEventType.ConsentDenied, succeeded: false, session?.Subject, interaction.ClientId, session?.Sid, "Cancelled by the person.");
    }

    /// <summary>The person signed in or allowed: an earlier Cancel of the same request no longer counts.</summary>
    public Task ResumeAsync(Interaction interaction, CancellationToken cancellationToken) =>
        pendingRequests.ForgetDenialAsync(interaction.Id, cancellationToken);

    /// <summary>The person chose to go on with the session they have (<c>prompt=select_account</c>).</summary>
    public Task ChooseSessionAsync(Interaction interaction, string sid, CancellationToken cancellationToken) =>
        pendingRequests.ChooseSessionAsync(interaction.Id, sid, cancellationToken);
}
