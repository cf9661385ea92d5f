namespace IdentityProvider.IntegrationTests.Declarations;

/// <summary>A file with permissions, roles, groups and policies, and what may become of it and of what it declared.</summary>
internal static class DeclaredAccessCases
{
    public const string Declared =
        """
        {
          "resources": [
            {
              "identifier": "https://posts.example",
              "permissions": ["p.read", { "name": "p.write", "description": "Change it" }, "p.spare"],
              "policies": [
                { "name": "own", "description": "One's own", "effect": "permit", "actions": ["p.write"], "resource_types": ["posts"],
                  "condition": "resource.properties.owner == subject.id",
                  "tests": [
                    { "name": "the owner", "subject": { "id": "ada" }, "resource": { "properties": { "owner": "ada" } }, "expect": true },
                    { "name": "another", "subject": { "id": "bob" }, "resource": { "properties": { "owner": "ada" } }, "expect": false }
                  ] }
              ]
            },
            { "identifier": "https://notes.example", "permissions": ["p.read"] }
          ],
          "scopes": [{ "name": "born", "claim_mappings": [{ "claim": "born_in", "from": "user.address.locality", "in": ["id_token"] }] }],
          "clients": [
            { "client_id": "machine", "client_secret": "machine-secret", "grant_types": [], "roles": ["bare", { "role": "reader", "expires_at": "2040-01-01T00:00:00Z" }] },
            { "client_id": "MACHINE", "client_secret": "machine-secret", "grant_types": [], "roles": null }
          ],
          "roles": [
            { "name": "reader", "description": "Reads", "permissions": { "https://posts.example": ["p.read"], "https://notes.example": [] } },
            { "name": "writer", "permissions": { "https://posts.example": ["p.write"] }, "inherits": ["READER", "help-desk"] },
            { "name": "bare" },
            { "name": "apart", "conflicts_with": ["WRITER"] }
          ],
          "users": [
            { "username": "ada", "roles": ["writer", { "role": "Bare", "not_before": "2030-01-01T00:00:00+01:00" }] },
            { "username": "bob", "roles": [] }
          ],
          "groups": [
            { "name": "writers", "description": "Whoever writes", "roles": ["Writer", "user-manager"],
              "users": [{ "username": "BOB", "not_before": "2020-01-01T00:00:00Z", "expires_at": "2040-01-01T00:00:00Z" }], "clients": ["machine"] },
            { "name": "silent" }
          ]
        }
        """;

    /// <summary>What the administration, commands, other nodes and an operator with SQL leave behind.</summary>
    public static IReadOnlyList<string> Drifts { get; } =
    [
        """UPDATE "Permissions" SET "Description" = 'Another' WHERE "Name" = 'p.write'""",
        """UPDATE "Permissions" SET "Description" = 'Another' WHERE "Name" = 'p.spare'""",
        """DELETE FROM "Permissions" WHERE "Name" = 'p.spare'""",
        """DELETE FROM "Permissions" WHERE "Name" = 'p.write'""",
        """INSERT INTO "Permissions" ("Id", "ResourceId", "Name") SELECT u."Id", a."Id", 'p.extra' FROM "Users" AS u, "ApiResources" AS a WHERE u."UserName" = 'ada' AND a."Identifier" = 'https://notes.example'""",
        """UPDATE "ApiResources" SET "Policies" = NULL WHERE "Identifier" = 'https://posts.example'""",
        """UPDATE "ApiResources" SET "Policies" = REPLACE("Policies", 'owner', 'ownr') WHERE "Identifier" = 'https://posts.example'""",
        """DELETE FROM "RolePermissions" """,
        """INSERT INTO "RolePermissions" ("RoleId", "PermissionId") SELECT r."Id", p."Id" FROM "Roles" AS r, "Permissions" AS p WHERE r."Name" = 'reader' AND p."Name" = 'p.write'""",
        // Of the same name at another resource.
        """UPDATE "RolePermissions" SET "PermissionId" = (SELECT p."Id" FROM "Permissions" AS p INNER JOIN "ApiResources" AS a ON a."Id" = p."ResourceId" WHERE a."Identifier" = 'https://notes.example') WHERE "RoleId" = (SELECT r."Id" FROM "Roles" AS r WHERE r."Name" = 'reader')""",
        """DELETE FROM "RoleInheritances" """,
        """INSERT INTO "RoleInheritances" ("RoleId", "InheritedId") SELECT r."Id", i."Id" FROM "Roles" AS r, "Roles" AS i WHERE r."Name" = 'writer' AND i."Name" = 'bare'""",
        """DELETE FROM "RoleConflicts" """,
        """INSERT INTO "RoleConflicts" ("RoleId", "OtherId") SELECT r."Id", o."Id" FROM "Roles" AS r, "Roles" AS o WHERE r."Name" = 'apart' AND o."Name" = 'bare'""",
        """UPDATE "Roles" SET "Description" = NULL WHERE "Name" = 'reader'""",
        """DELETE FROM "Roles" WHERE "Name" = 'reader'""",
        """DELETE FROM "Roles" WHERE "Name" = 'user-manager'""",
        """DELETE FROM "ClientRoles" """,
        """UPDATE "ClientRoles" SET "ExpiresAt" = NULL""",
        """UPDATE "ClientRoles" SET "NotBefore" = (SELECT u."CreatedAt" FROM "Users" AS u WHERE u."UserName" = 'ada')""",
        """UPDATE "ClientRoles" SET "ClientId" = (SELECT c."Id" FROM "Clients" AS c WHERE c."ClientId" = 'MACHINE')""",
        """UPDATE "UserRoles" SET "NotBefore" = NULL""",
        """DELETE FROM "UserRoles" """,
        """INSERT INTO "UserRoles" ("UserId", "RoleId") SELECT u."Id", r."Id" FROM "Users" AS u, "Roles" AS r WHERE u."UserName" = 'bob' AND r."Name" = 'reader'""",
        """UPDATE "Groups" SET "Description" = NULL""",
        """DELETE FROM "Groups" WHERE "Name" = 'writers'""",
        """DELETE FROM "Groups" WHERE "Name" = 'silent'""",
        """DELETE FROM "GroupRoles" """,
        """INSERT INTO "GroupRoles" ("GroupId", "RoleId") SELECT g."Id", r."Id" FROM "Groups" AS g, "Roles" AS r WHERE g."Name" = 'writers' AND r."Name" = 'bare'""",
        """UPDATE "GroupUsers" SET "ExpiresAt" = NULL""",
        """UPDATE "GroupUsers" SET "UserId" = (SELECT u."Id" FROM "Users" AS u WHERE u."UserName" = 'ada')""",
        """DELETE FROM "GroupClients" """,
        """INSERT INTO "GroupClients" ("GroupId", "ClientId") SELECT g."Id", c."Id" FROM "Groups" AS g, "Clients" AS c WHERE g."Name" = 'writers' AND c."ClientId" = 'MACHINE'""",
        """DELETE FROM "DeclaredEntries" WHERE "Kind" = 'Group'""",
    ];

    /// <summary>Said otherwise.</summary>
    public static IReadOnlyList<(string From, string To)> Edits { get; } =
    [
        ("\"p.spare\"]", "{ \"name\": \"p.spare\", \"description\": \"Told\" }]"),
        (", \"p.spare\"]", "]"),
        ("\"p.spare\"]", "\"p.spare\", \"p.more\"]"),
        ("\"Change it\"", "\"Change them\""),
        ("\"own\"", "\"others\""),
        ("\"One's own\"", "null"),
        ("\"effect\": \"permit\"", "\"effect\": \"forbid\""),
        ("\"actions\": [\"p.write\"]", "\"actions\": [\"p.read\"]"),
        (", \"resource_types\": [\"posts\"]", ""),
        ("== subject.id", "== subject.id && subject.id != resource.id"),
        ("\"the owner\"", "\"its owner\""),
        ("\"Reads\"", "null"),
        ("\"https://posts.example\": [\"p.read\"]", "\"https://posts.example\": []"),
        ("\"https://notes.example\": []", "\"https://notes.example\": [\"p.read\"]"),
        ("{ \"https://posts.example\": [\"p.write\"] }", "null"),
        (", \"help-desk\"]", "]"),
        ("[\"READER\", \"help-desk\"]", "null"),
        ("[\"READER\", \"help-desk\"]", "[\"READER\", \"bare\"]"),
        ("[\"WRITER\"]", "null"),
        ("[\"WRITER\"]", "[\"WRITER\", \"bare\"]"),
        ("\"bare\", {", "{"),
        ("[\"bare\", { \"role\": \"reader\", \"expires_at\": \"2040-01-01T00:00:00Z\" }]", "null"),
        ("\"reader\", \"expires_at\"", "\"reader\", \"not_before\""),
        ("\"roles\": null", "\"roles\": [\"reader\"]"),
        ("[\"writer\", {", "[{"),
        ("2030-01-01T00:00:00+01:00", "2030-01-01T00:00:00Z"),
        ("\"Whoever writes\"", "null"),
        (", \"user-manager\"]", "]"),
        ("2020-01-01T00:00:00Z", "2020-01-01T00:00:01Z"),
        ("\"BOB\"", "\"ada\""),
        ("\"clients\": [\"machine\"]", "\"clients\": [\"MACHINE\"]"),
        ("\"clients\": [\"machine\"]", "\"clients\": null"),
    ];

    /// <summary>Said in another way, or not said any more: neither takes anything away.</summary>
    public static IReadOnlyList<(string From, string To)> Silences { get; } =
    [
        ("[\"READER\", \"help-desk\"]", "[\"help-desk\", \"reader\"]"),
        ("2030-01-01T00:00:00+01:00", "2029-12-31T23:00:00Z"),
        (", \"https://notes.example\": []", ""),
        ("\"p.spare\"]", "{ \"name\": \"p.spare\", \"description\": null }]"),
        (", \"permissions\": [\"p.read\"] }", " }"),
        (", \"permissions\": { \"https://posts.example\": [\"p.write\"] }, \"inherits\": [\"READER\", \"help-desk\"]", ""),
        ("[\"WRITER\"]", "[\"writer\"]"),
        (", \"conflicts_with\": [\"WRITER\"]", ""),
        (", \"roles\": [\"bare\", { \"role\": \"reader\", \"expires_at\": \"2040-01-01T00:00:00Z\" }]", ""),
        (", \"roles\": [\"Writer\", \"user-manager\"]", ""),
        (", \"clients\": [\"machine\"]", ""),
        (", \"description\": \"Whoever writes\"", ""),
        (",\n    { \"name\": \"silent\" }", ""),
    ];

    /// <summary>What is refused.</summary>
    public static IReadOnlyList<(string From, string To)> Mistakes { get; } =
    [
        ("\"p.spare\"]", "\"p spare\"]"),
        ("\"p.spare\"]", "\"p.read\"]"),
        ("\"p.write\", \"description\": \"Change it\"", "\"p.change\""),
        ("\"id\": \"bob\"", "\"id\": \"ada\""),
        ("== subject.id", "= subject.id"),
        ("\"https://notes.example\": []", "\"https://nowhere.example\": []"),
        ("\"https://notes.example\": []", "\"urn:identityprovider:administration\": []"),
        ("\"https://notes.example\": []", "\"https://notes.example\": [\"p.write\"]"),
        ("\"name\": \"bare\"", "\"name\": \"bare\", \"inherits\": [\"ghost\"]"),
        ("\"Reads\"", "\"Reads\", \"inherits\": [\"writer\"]"),
        ("[\"WRITER\"]", "[\"apart\"]"),
        ("[\"WRITER\"]", "[\"ghost\"]"),
        ("\"name\": \"bare\"", "\"name\": \"bare\", \"conflicts_with\": [\"writer\"]"),
        ("\"name\": \"bare\"", "\"name\": \"help-desk\""),
        ("\"name\": \"bare\"", "\"name\": \"bare \""),
        ("[\"bare\", {", "[\"ghost\", {"),
        ("\"expires_at\": \"2040-01-01T00:00:00Z\" }] },", "\"expires_at\": \"tomorrow\" }] },"),
        ("2020-01-01T00:00:00Z", "2050-01-01T00:00:00Z"),
        ("\"BOB\"", "\"nobody\""),
        ("\"clients\": [\"machine\"]", "\"clients\": [\"Machine\"]"),
        ("\"name\": \"silent\"", "\"name\": \"Writers\""),
        ("\"name\": \"silent\"", "\"name\": \"so silent\""),
        // Duties that nobody has together.
        ("\"Writer\", \"user-manager\"", "\"Writer\", \"user-manager\", \"auditor\""),
    ];

    public static string Edited(string from, string to)
    {
        Assert.Contains(from, Declared, StringComparison.Ordinal);
        return Declared.Replace(from, to, StringComparison.Ordinal);
    }
}
