namespace IdentityProvider.Permissions;

/// <summary>What a row is that <see cref="AssignmentsOf"/> selects. The numbers stand in statements.</summary>
internal enum AssignedKind
{
    Role,
    Group,
}

/// <summary>Selects roles and groups as they are assigned, the one way for people and for clients. At <c>@now</c>; whose they are is told by <c>@holder</c>.</summary>
/// <param name="Kind">What tables and columns call the holder.</param>
/// <param name="Join">What an assignment, <c>a</c>, is joined with to find the holder; empty for nothing.</param>
/// <param name="Condition">Which assignments are the holder's.</param>
internal sealed record AssignmentsOf(string Kind, string Join, string Condition)
{
    /// <summary>Assignments that have begun and have not ended.</summary>
    public const string InItsTime = $"""(a."NotBefore" IS NULL OR a."NotBefore" <= @now) AND {NotOver}""";

    /// <summary>Assignments that have not ended, be it that they have yet to begin.</summary>
    public const string NotOver = """(a."ExpiresAt" IS NULL OR a."ExpiresAt" > @now)""";

    private const string User = """INNER JOIN "Users" AS h ON h."Id" = a."UserId" """;
    private const string MaySignIn = """h."DisabledAt" IS NULL""";

    /// <summary>A person by their own subject. Somebody who may not sign in has nothing, also where an earlier token is still being looked at.</summary>
    public static AssignmentsOf Person { get; } = new("User", User, $"""h."Subject" = @holder AND {MaySignIn}""");

    /// <summary>The same, and somebody who may not sign in has what comes back when they may.</summary>
    public static AssignmentsOf AnyPerson { get; } = new("User", User, """h."Subject" = @holder""");

    /// <summary>The person who gave a grant, by its key.</summary>
    public static AssignmentsOf Grantor { get; } = new(
        "User", $"""{User}INNER JOIN "Grants" AS g ON g."Subject" = h."Subject" """, $"""g."Id" = @holder AND {MaySignIn}""");

    /// <summary>A client by its identifier.</summary>
    public static AssignmentsOf Client { get; } = new("Client", """INNER JOIN "Clients" AS h ON h."Id" = a."ClientId" """, """h."ClientId" = @holder""");

    /// <summary>A person or a client by the one row, or none, that <c>h</c> is.</summary>
    /// <param name="kind">What tables and columns call the holder.</param>
    public static AssignmentsOf Known(string kind) => new(kind, "", $"""a."{kind}Id" = (SELECT h."Id" FROM h)""");

    /// <summary>The text that selects, for each, the <see cref="AssignedKind"/>, the key of the role or group, and more columns of the assignment.</summary>
    /// <param name="when">Which ones count.</param>
    public string Select(string when, params string[] columns)
    {
        var more = string.Concat(columns.Select(column => $""", a."{column}" """));
        return
            $"""
            SELECT {(int)AssignedKind.Role}, a."RoleId"{more} FROM "{Kind}Roles" AS a {Join} WHERE {Condition} AND {when}
            UNION ALL
            SELECT {(int)AssignedKind.Group}, a."GroupId"{more} FROM "Group{Kind}s" AS a {Join} WHERE {Condition} AND {when}
            """;
    }
}
