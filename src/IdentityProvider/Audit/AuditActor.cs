using Microsoft.AspNetCore.Http;

namespace IdentityProvider.Audit;

/// <summary>Whoever acts on others in a request of the administration: stands in every audit event that is written with a change of this request.</summary>
/// <param name="Subject">The person; null for a client that acts for itself.</param>
internal sealed record AuditActor(string? Subject, string ClientId)
{
    private static readonly object item = new();

    public void Acts(HttpContext http) => http.Items[item] = this;

    internal static AuditActor? Of(HttpContext? http) =>
        http is not null && http.Items.TryGetValue(item, out var actor) ? (AuditActor?)actor : null;
}
