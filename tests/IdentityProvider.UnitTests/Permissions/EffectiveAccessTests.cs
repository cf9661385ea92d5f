using IdentityProvider.Permissions;

namespace IdentityProvider.UnitTests.Permissions;

public sealed class EffectiveAccessTests
{
    private const string Posts = "https://posts.example";
    private const string Bills = "https://bills.example";

    // Every role and every group has its name for a key, so that the table below can be read.
    private static readonly AccessModel model = Model(
        inherits: [("editor", "author"), ("boss", "editor"), ("boss", "clerk"), ("heir", "gone"), ("circle-a", "circle-b"), ("circle-b", "circle-a")],
        brings: [("newsroom", "editor"), ("office", "clerk"), ("office", "idle"), ("ghosts", "gone")],
        grants:
        [
            ("author", Posts, "posts.create"), ("editor", Posts, "posts.delete"), ("editor", Posts, "posts.create"), ("clerk", Bills, "bills.read"),
            ("circle-b", Posts, "posts.pin"), ("gone", Posts, "posts.haunt"), ("author", Posts, "posts.unowned"), ("idle", Posts, "posts.unowned"),
        ],
        roles: ["author", "editor", "clerk", "boss", "idle", "heir", "circle-a", "circle-b"],
        groups: ["newsroom", "office", "ghosts", "empty"]);

    [Theory]
    [InlineData("", "", Posts, "", "", "")]
    [InlineData("author", "", Posts, "author", "", "posts.create")]
    [InlineData("editor", "", Posts, "author editor", "", "posts.create posts.delete")]
    [InlineData("editor author", "", Posts, "author editor", "", "posts.create posts.delete")]
    [InlineData("boss", "", Posts, "author boss editor", "", "posts.create posts.delete")]
    [InlineData("boss", "", Bills, "boss clerk", "", "bills.read")]
    [InlineData("clerk idle", "", Posts, "", "", "")]
    [InlineData("clerk idle", "", Bills, "clerk", "", "bills.read")]
    [InlineData("", "newsroom office empty", Posts, "author editor", "newsroom", "posts.create posts.delete")]
    [InlineData("author", "office", Bills, "clerk", "office", "bills.read")]
    [InlineData("circle-a", "", Posts, "circle-a circle-b", "", "posts.pin")]
    [InlineData("boss", "newsroom", "https://nobody.example", "", "", "")]
    // What was removed while this was read leads nowhere: a role, a group, what a role inherits and what a group brings.
    [InlineData("gone", "", Posts, "", "", "")]
    // What was removed from the resource is granted by nobody.
    [InlineData("idle", "office", Posts, "", "", "")]
    [InlineData("author", "gone-too", Posts, "author", "", "posts.create")]
    [InlineData("", "ghosts", Posts, "", "", "")]
    public void Access_is_what_roles_grant_by_themselves_by_inheritance_and_by_groups(
        string held, string memberOf, string resource, string roles, string groups, string permissions)
    {
        var access = EffectiveAccess.At(resource, model, new HeldAccess(Keys(held), Keys(memberOf)));

        Assert.Equal((roles, groups, permissions), (string.Join(' ', access.Roles), string.Join(' ', access.Groups), string.Join(' ', access.Permissions)));
    }

    [Theory]
    [InlineData("author", "", "posts.create", "by the role author")]
    [InlineData("editor author", "", "posts.create", "by the role editor")]
    [InlineData("boss", "", "posts.create", "by the role editor, which boss inherits")]
    [InlineData("clerk", "newsroom", "posts.create", "by the role editor, in the group newsroom")]
    [InlineData("author", "newsroom", "posts.create", "by the role author")]
    [InlineData("circle-a", "", "posts.pin", "by the role circle-b, which circle-a inherits")]
    [InlineData("boss heir gone", "office ghosts gone-too", "posts.pin", null)]
    [InlineData("", "", "posts.create", null)]
    [InlineData("boss", "newsroom", "posts.archive", null)]
    [InlineData("author idle", "", "posts.unowned", null)]
    [InlineData("gone", "ghosts", "posts.haunt", null)]
    public void A_permission_has_a_ground_where_access_has_the_permission(string held, string memberOf, string permission, string? ground)
    {
        var (has, grants) = (new HeldAccess(Keys(held), Keys(memberOf)), model.FindGrants(Posts)!);

        Assert.Equal(ground, PermissionGround.Find(grants, permission, model, has)?.ToString());
        Assert.Equal(ground is not null, EffectiveAccess.At(Posts, model, has).Permissions.Contains(permission));
    }

    [Fact]
    public void A_resource_owns_what_was_declared_whether_or_not_a_role_grants_it()
    {
        var grants = model.FindGrants(Posts)!;

        Assert.True(grants.Owns("posts.archive"));
        Assert.True(grants.Owns("posts.create"));
        Assert.False(grants.Owns("posts.unowned"));
        Assert.Null(model.FindGrants("https://plain.example"));
    }

    [Fact]
    public void An_inheritance_may_be_as_deep_as_there_are_roles()
    {
        var names = Enumerable.Range(0, 10_000).Select(number => $"role-{number:D4}").ToArray();
        var deep = Model(names.Zip(names.Skip(1)), [], [(names[^1], Posts, "posts.create")], names, []);

        var access = EffectiveAccess.At(Posts, deep, new HeldAccess(Keys(names[0]), []));

        Assert.Equal(names, access.Roles);
        Assert.Equal(["posts.create"], access.Permissions);
    }

    [Fact]
    public void Only_resources_that_own_a_permission_are_asked_for()
    {
        Assert.True(model.Owns(Posts));
        Assert.False(model.Owns("https://plain.example"));
    }

    private static AccessModel Model(
        IEnumerable<(string Role, string Inherited)> inherits, IEnumerable<(string Group, string Role)> brings,
        IEnumerable<(string Role, string Resource, string Permission)> grants, IEnumerable<string> roles, IEnumerable<string> groups)
    {
        var inherited = inherits.ToLookup(pair => pair.Role, pair => Key(pair.Inherited));
        var brought = brings.ToLookup(pair => pair.Group, pair => Key(pair.Role));
        return new AccessModel(
            roles.Select(name => new RoleDefinition(Key(name), name, [.. inherited[name]])),
            groups.Select(name => new GroupDefinition(Key(name), name, [.. brought[name]])),
            [
                new(Posts, "posts.pin"), new(Posts, "posts.delete"), new(Posts, "posts.archive"), new(Posts, "posts.create"), new(Posts, "posts.haunt"),
                new(Bills, "bills.archive"), new(Bills, "bills.read"),
            ],
            grants.Select(grant => new Granting(Key(grant.Role), grant.Resource, grant.Permission)));
    }

    private static Guid[] Keys(string names) => [.. names.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Key)];

    private static Guid Key(string name) => new(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(name)).AsSpan(0, 16));
}
