using IdentityProvider.Audit;
using IdentityProvider.Permissions;

namespace IdentityProvider.Administration;

/// <summary>Whoever asks.</summary>
/// <param name="Holder">Whose permissions count: the person's, or those of the client where it acts for itself.</param>
/// <param name="ClientId">The client that presents the token.</param>
internal sealed record Caller(AccessHolder Holder, string ClientId)
{
    /// <summary>The person's own subject; null for a client that acts for itself.</summary>
    public string? Subject => (Holder as AccessHolder.Person)?.Subject;

    public AuditActor Actor => new(Subject, ClientId);
}
