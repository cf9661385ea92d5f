using Microsoft.Extensions.DependencyInjection;
using static IdentityProvider.Permissions.AdministrationPermission;

namespace IdentityProvider.Administration;

/// <summary>All that the API does, and the permission each needs. There is no other way in.</summary>
internal static class Operations
{
    public static IReadOnlyList<Operation> All { get; } =
    [
        new("GET", "/clients", ClientsRead, On<ClientReading>((clients, request) => clients.ListAsync(request))),
        new("GET", "/clients/*", ClientsRead, On<ClientReading>((clients, request) => clients.GetAsync(request))),
        new("PUT", "/clients/*", ClientsWrite, On<ClientWriting>((clients, request) => clients.PutAsync(request))),
        new("DELETE", "/clients/*", ClientsWrite, On<ClientWriting>((clients, request) => clients.DeleteAsync(request))),
        new("POST", "/clients/*/secret", ClientsSecrets, On<ClientWriting>((clients, request) => clients.RenewSecretAsync(request))),
        new("GET", "/clients/*/roles", RolesRead, On<RoleReading>((roles, request) => roles.OfClientAsync(request))),
        new("PUT", "/clients/*/roles/*", RolesGrant, On<RoleGranting>((roles, request) => roles.GiveAsync(request, toClient: true, isGroup: false))),
        new("DELETE", "/clients/*/roles/*", RolesGrant, On<RoleGranting>((roles, request) => roles.TakeAsync(request, fromClient: true, isGroup: false))),
        new("PUT", "/clients/*/groups/*", RolesGrant, On<RoleGranting>((roles, request) => roles.GiveAsync(request, toClient: true, isGroup: true))),
        new("DELETE", "/clients/*/groups/*", RolesGrant, On<RoleGranting>((roles, request) => roles.TakeAsync(request, fromClient: true, isGroup: true))),

        new("GET", "/users", UsersRead, On<UserReading>((users, request) => users.ListAsync(request))),
        new("POST", "/users", UsersWrite, On<UserWriting>((users, request) => users.CreateAsync(request))),
        new("GET", "/users/*", UsersRead, On<UserReading>((users, request) => users.GetAsync(request))),
        new("POST", "/users/*/disable", UsersDisable, On<UserWriting>((users, request) => users.DisableAsync(request))),
        new("POST", "/users/*/enable", UsersDisable, On<UserWriting>((users, request) => users.EnableAsync(request))),
        new("POST", "/users/*/password-reset", UsersReset, On<UserWriting>((users, request) => users.ResetPasswordAsync(request))),
        new("GET", "/users/*/sessions", SessionsRead, On<SessionOperations>((sessions, request) => sessions.ListAsync(request))),
        new("DELETE", "/sessions/*", SessionsEnd, On<SessionOperations>((sessions, request) => sessions.EndAsync(request))),
        new("GET", "/users/*/roles", RolesRead, On<RoleReading>((roles, request) => roles.OfPersonAsync(request))),
        new("PUT", "/users/*/roles/*", RolesGrant, On<RoleGranting>((roles, request) => roles.GiveAsync(request, toClient: false, isGroup: false))),
        new("DELETE", "/users/*/roles/*", RolesGrant, On<RoleGranting>((roles, request) => roles.TakeAsync(request, fromClient: false, isGroup: false))),
        new("PUT", "/users/*/groups/*", RolesGrant, On<RoleGranting>((roles, request) => roles.GiveAsync(request, toClient: false, isGroup: true))),
        new("DELETE", "/users/*/groups/*", RolesGrant, On<RoleGranting>((roles, request) => roles.TakeAsync(request, fromClient: false, isGroup: true))),

        new("GET", "/resources", RolesRead, On<ResourceReading>((resources, request) => resources.ListAsync(request))),
        new("GET", "/resources/*", RolesRead, On<ResourceReading>((resources, request) => resources.GetAsync(request))),
        new("GET", "/resources/*/permissions", RolesRead, On<ResourceReading>((resources, request) => resources.PermissionsAsync(request))),
        new("GET", "/resources/*/policies", PoliciesRead, On<ResourceReading>((resources, request) => resources.PoliciesAsync(request))),

        new("GET", "/roles", RolesRead, On<RoleReading>((roles, request) => roles.ListAsync(request))),
        new("GET", "/roles/*", RolesRead, On<RoleReading>((roles, request) => roles.GetAsync(request))),
        new("GET", "/roles/*/users", RolesRead, On<HolderReading>((holders, request) => holders.PeopleAsync(request, ofGroup: false))),
        new("GET", "/roles/*/clients", RolesRead, On<HolderReading>((holders, request) => holders.ClientsAsync(request, ofGroup: false))),
        new("GET", "/groups", RolesRead, On<RoleReading>((roles, request) => roles.ListGroupsAsync(request))),
        new("GET", "/groups/*", RolesRead, On<RoleReading>((roles, request) => roles.GetGroupAsync(request))),
        new("GET", "/groups/*/users", RolesRead, On<HolderReading>((holders, request) => holders.PeopleAsync(request, ofGroup: true))),
        new("GET", "/groups/*/clients", RolesRead, On<HolderReading>((holders, request) => holders.ClientsAsync(request, ofGroup: true))),

        new("GET", "/preview", TokensPreview, On<PreviewReading>((previews, request) => previews.GetAsync(request))),

        new("GET", "/keys", KeysRead, On<KeyOperations>((keys, request) => keys.ListAsync(request))),
        new("POST", "/keys/rotate", KeysRotate, On<KeyOperations>((keys, request) => keys.RotateAsync(request))),

        new("GET", "/audit", AuditRead, On<AuditReading>((audit, request) => audit.ListAsync(request))),
        new("GET", "/decisions/*", AuditRead, On<AuditReading>((audit, request) => audit.ExplainAsync(request))),
    ];

    private static Func<AdministrationRequest, Task<Answer>> On<T>(Func<T, AdministrationRequest, Task<Answer>> run) where T : notnull =>
        request => run(request.Http.RequestServices.GetRequiredService<T>(), request);
}
