using System.Text.Json;
using OpenIddict.Abstractions;

namespace IdentityProvider.Data;

/// <summary>The grants that come about without a code. <see cref="GrantManager"/> fills in the library's, by the same rules.</summary>
internal static class GrantMaking
{
    /// <param name="clientId">The client's row.</param>
    /// <param name="now">When, in UTC.</param>
    public static Grant New(Guid clientId, string subject, string sid, IReadOnlyCollection<string> scopes, string? requestedClaims, DateTime now) => new()
    {
        Id = Guid.CreateVersion7(),
        ApplicationId = clientId,
        Subject = subject,
        SessionId = sid,
        Offline = scopes.Contains(OpenIddictConstants.Scopes.OfflineAccess),
        Scopes = scopes.Count > 0 ? JsonSerializer.Serialize(scopes) : null,
        RequestedClaims = requestedClaims,
        Status = OpenIddictConstants.Statuses.Valid,
        Type = OpenIddictConstants.AuthorizationTypes.AdHoc,
        CreationDate = now,
    };
}
