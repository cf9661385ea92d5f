using IdentityProvider.Protocol;

namespace IdentityProvider.Policies;

/// <summary>How policies and their tests are written, in a declaration and in the database (docs/policies.md).</summary>
internal static class PolicyMembers
{
    public const string Name = "name";
    public const string Description = "description";
    public const string Effect = "effect";
    public const string Actions = "actions";
    public const string ResourceTypes = "resource_types";
    public const string Condition = "condition";
    public const string Tests = "tests";
    public const string Permit = "permit";
    public const string Forbid = "forbid";
    public const string Expect = "expect";

    public static MemberTable OfPolicy { get; } = new(
        (Name, MemberKind.Text),
        (Description, MemberKind.Text),
        (Effect, MemberKind.Text),
        (Actions, MemberKind.TextList),
        (ResourceTypes, MemberKind.TextList),
        (Condition, MemberKind.Text),
        (Tests, MemberKind.List));

    public static MemberTable OfTest { get; } = new(
        (Name, MemberKind.Text),
        ("subject", MemberKind.Entry),
        ("action", MemberKind.Entry),
        ("resource", MemberKind.Entry),
        ("context", MemberKind.Entry),
        ("roles", MemberKind.TextList),
        ("groups", MemberKind.TextList),
        ("permissions", MemberKind.TextList),
        ("now", MemberKind.Text),
        (Expect, MemberKind.Flag));

    public static MemberTable OfEntity { get; } = new(("type", MemberKind.Text), ("id", MemberKind.Text), ("properties", MemberKind.Entry));

    public static MemberTable OfAction { get; } = new((Name, MemberKind.Text), ("properties", MemberKind.Entry));
}
