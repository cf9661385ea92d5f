using System.Collections.Frozen;
using IdentityProvider.Data;
using static IdentityProvider.Permissions.AdministrationPermission;

namespace IdentityProvider.Permissions;

/// <summary>
/// A role of this server's administration. What it grants is in code; its row, which assignments lead to, is made when it is first needed.
/// </summary>
/// <param name="Key">
/// The key of its row on every server: a role that somebody made under the same name before there was this one has another and grants nothing here.
/// Null for <see cref="Role.Administrator"/>, a name that always was this server's own.
/// </param>
internal sealed record BuiltInRole(string Name, Guid? Key, string Description, IReadOnlyList<AdministrationPermission> Permissions)
{
    public static BuiltInRole Administrator { get; } = new(
        Role.Administrator, null, "Sets up clients, accounts and roles, and appoints others; reads no audit trail and rotates no keys",
        [ClientsRead, ClientsWrite, ClientsSecrets, UsersRead, UsersWrite, UsersDisable, UsersReset, SessionsRead, SessionsEnd, RolesRead, RolesGrant, PoliciesRead,
            TokensPreview, KeysRead]);

    public static BuiltInRole ClientManager { get; } = new(
        "client-manager", Guid.Parse("00000000-0000-4000-8000-000000000001"), "Registers apps and APIs and looks after their secrets",
        [ClientsRead, ClientsWrite, ClientsSecrets]);

    public static BuiltInRole UserManager { get; } = new(
        "user-manager", Guid.Parse("00000000-0000-4000-8000-000000000002"), "Makes, disables and resets accounts",
        [UsersRead, UsersWrite, UsersDisable, UsersReset, SessionsRead, SessionsEnd, RolesRead, TokensPreview]);

    public static BuiltInRole HelpDesk { get; } = new(
        "help-desk", Guid.Parse("00000000-0000-4000-8000-000000000003"), "Helps people who cannot sign in, or signed in where they should not have",
        [UsersRead, UsersReset, SessionsRead, SessionsEnd]);

    public static BuiltInRole AccessManager { get; } = new(
        "access-manager", Guid.Parse("00000000-0000-4000-8000-000000000004"), "Passes on to others what they themselves hold by other roles",
        [ClientsRead, UsersRead, RolesRead, RolesGrant]);

    public static BuiltInRole KeyCustodian { get; } = new(
        "key-custodian", Guid.Parse("00000000-0000-4000-8000-000000000005"), "Rotates the signing keys",
        [KeysRead, KeysRotate]);

    public static BuiltInRole Auditor { get; } = new(
        "auditor", Guid.Parse("00000000-0000-4000-8000-000000000006"), "Sees everything and changes nothing",
        [ClientsRead, UsersRead, SessionsRead, RolesRead, PoliciesRead, KeysRead, AuditRead]);

    public static IReadOnlyList<BuiltInRole> All { get; } =
        [Administrator, ClientManager, UserManager, HelpDesk, AccessManager, KeyCustodian, Auditor];

    private static readonly FrozenDictionary<string, BuiltInRole> byName = All.ToFrozenDictionary(role => role.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>The duties that it brings.</summary>
    public Duties Duties => DutiesOf(Permissions.Select(permission => permission.Name));

    /// <summary>The one of this name, which only it may have.</summary>
    public static BuiltInRole? Named(string name) => byName.GetValueOrDefault(name);

    /// <summary>The one that a row is, if it is one.</summary>
    public static BuiltInRole? Of(Guid row, string name) => Named(name) is { } role && (role.Key ?? row) == row ? role : null;
}
