using IdentityProvider.ResourceServer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;

namespace IdentityProvider.UnitTests.ResourceServer;

#pragma warning disable CA1822 // SignalR calls methods of an instance.
[Authorize]
internal sealed class GuardedHub : Hub
{
    public string Open() => "open";

    [RequirePermission("posts.delete")]
    public string Permission() => "done";

    [RequirePermission("posts.delete"), RequirePermission("posts.purge")]
    public string Permissions() => "done";

    [RequireRole("editor", "chief")]
    public string Role() => "done";

    [RequireScope("notes.write")]
    public string Scope() => "done";

    [RequireAuthenticationContext("urn:strong", MaxAgeSeconds = 300)]
    public string Authentication() => "done";

    [RequireScope("notes.write", Policy = "deleters")]
    public string Both() => "done";
}
