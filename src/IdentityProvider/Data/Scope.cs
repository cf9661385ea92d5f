using OpenIddict.EntityFrameworkCore.Models;

namespace IdentityProvider.Data;

/// <summary>A scope that clients may ask for. <c>Resources</c> is a JSON array of resource identifiers.</summary>
internal sealed class Scope : OpenIddictEntityFrameworkCoreScope<Guid>
{
    /// <summary>The user claims this scope releases, as a JSON array of claim names.</summary>
    public string Claims { get; set; } = "[]";

    /// <summary>Claims that are made for whoever was granted this scope, as a JSON array of <c>Scopes/ClaimMapping</c>.</summary>
    public string ClaimMappings { get; set; } = "[]";
}
