using System.Collections.Frozen;

namespace IdentityProvider.Permissions;

/// <summary>Duties that nobody has together, as a set. Reading what is stored is no duty.</summary>
[Flags]
internal enum Duties
{
    None = 0,

    /// <summary>Changing clients, accounts, sessions and roles, and finding out what comes of it.</summary>
    Management = 1,

    /// <summary>Looking after the keys that every token is signed with.</summary>
    KeyCustody = 2,

    /// <summary>Reading the record of what the others do.</summary>
    Audit = 4,
}

/// <summary>Something that may be done at the administration API.</summary>
/// <param name="Duty">The duty that it belongs to.</param>
internal sealed record AdministrationPermission(string Name, string Description, Duties Duty)
{
    public static AdministrationPermission ClientsRead { get; } = new("clients.read", "See clients and their registrations", Duties.None);
    public static AdministrationPermission ClientsWrite { get; } = new("clients.write", "Register, change and remove clients", Duties.Management);
    public static AdministrationPermission ClientsSecrets { get; } = new("clients.secrets", "Give a client a new secret", Duties.Management);
    public static AdministrationPermission UsersRead { get; } = new("users.read", "Find people and see their accounts", Duties.None);
    public static AdministrationPermission UsersWrite { get; } = new("users.write", "Make accounts", Duties.Management);
    public static AdministrationPermission UsersDisable { get; } = new("users.disable", "Disable accounts and enable them again", Duties.Management);
    public static AdministrationPermission UsersReset { get; } = new("users.reset", "Take a person's password away and give them a link to choose another", Duties.Management);
    public static AdministrationPermission SessionsRead { get; } = new("sessions.read", "See where a person is signed in", Duties.None);
    public static AdministrationPermission SessionsEnd { get; } = new("sessions.end", "Sign people out", Duties.Management);
    public static AdministrationPermission RolesRead { get; } = new("roles.read", "See APIs and their permissions, roles, groups, and who has them", Duties.None);
    public static AdministrationPermission RolesGrant { get; } = new("roles.grant", "Give and take away roles and groups that grant nothing one does not hold oneself", Duties.Management);
    public static AdministrationPermission PoliciesRead { get; } = new("policies.read", "See the policies of APIs", Duties.None);
    public static AdministrationPermission TokensPreview { get; } =
        new("tokens.preview", "See which tokens and claims somebody would get at a client", Duties.Management);

    public static AdministrationPermission KeysRead { get; } = new("keys.read", "See the signing keys and where they stand", Duties.None);
    public static AdministrationPermission KeysRotate { get; } = new("keys.rotate", "Have new signing keys take over", Duties.KeyCustody);
    public static AdministrationPermission AuditRead { get; } = new("audit.read", "Read the audit trail and why requests were refused", Duties.Audit);

    /// <summary>Every one, and what each is called.</summary>
    public static IReadOnlyList<AdministrationPermission> All { get; } =
    [
        ClientsRead, ClientsWrite, ClientsSecrets, UsersRead, UsersWrite, UsersDisable, UsersReset, SessionsRead, SessionsEnd,
        RolesRead, RolesGrant, PoliciesRead, TokensPreview, KeysRead, KeysRotate, AuditRead,
    ];

    private static readonly FrozenDictionary<string, AdministrationPermission> byName =
        All.ToFrozenDictionary(permission => permission.Name, StringComparer.Ordinal);

    /// <summary>The duties that permissions of these names come to.</summary>
    public static Duties DutiesOf(IEnumerable<string> names) =>
        names.Aggregate(Duties.None, static (duties, name) => duties | (byName.GetValueOrDefault(name)?.Duty ?? Duties.None));
}

internal static class SeparateDuties
{
    /// <summary>Whether these are duties that nobody has together.</summary>
    public static bool Conflict(this Duties duties) => (duties & (duties - 1)) != Duties.None;

    /// <summary>The duties in words.</summary>
    public static string Tell(this Duties duties) => string.Join(" and ", new[]
    {
        (Duties.Management, "management"), (Duties.KeyCustody, "custody of the keys"), (Duties.Audit, "audit"),
    }.Where(duty => duties.HasFlag(duty.Item1)).Select(duty => duty.Item2));
}
