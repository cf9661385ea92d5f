namespace IdentityProvider.Data;

/// <summary>The migrations of this version, by name, so that a start on tables that are as they must be needs no EF Core. ModelTests hold them to the real ones.</summary>
internal static class SchemaVersion
{
    public static IReadOnlyList<string> Migrations { get; } =
    [
        "20261123000000_Initial",
        "20261126000000_OpenIdProvider",
        "20261126010000_SessionsAndLogout",
        "20261126020000_LeanIndexes",
        "20261126030000_TokensById",
        "20261126040000_Permissions",
        "20261127010000_Authorization",
        "20261127030000_RoleConflicts",
        "20261127040000_PreparedAccounts",
    ];
}
