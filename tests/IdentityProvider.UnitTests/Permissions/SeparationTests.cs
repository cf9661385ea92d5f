using IdentityProvider.Data;
using IdentityProvider.Permissions;

namespace IdentityProvider.UnitTests.Permissions;

/// <summary>Which duties and roles meet at some moment that nobody has together.</summary>
public sealed class SeparationTests
{
    private static readonly DateTime Now = new(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private static readonly Guid Requester = Guid.CreateVersion7();
    private static readonly Guid Approver = Guid.CreateVersion7();
    private static readonly Guid Payer = Guid.CreateVersion7();

    [Fact]
    public void Two_duties_at_one_moment_conflict() =>
        Assert.Contains("management and audit", Assert.Single(Meet((Of(Duties.Management), Period.Always), (Of(Duties.Audit), Period.Always))), StringComparison.Ordinal);

    [Fact]
    public void The_same_duty_twice_and_reading_beside_it_do_not() =>
        Assert.Empty(Meet((Of(Duties.Management), Period.Always), (Of(Duties.Management), Period.Always), (Interests.None, Period.Always)));

    [Fact]
    public void One_after_the_other_does_not() =>
        Assert.Empty(Meet((Of(Duties.Management), new(null, Now.AddDays(2))), (Of(Duties.Audit), new(Now.AddDays(2), null))));

    [Fact]
    public void An_overlap_that_has_yet_to_come_does() =>
        Assert.NotEmpty(Meet((Of(Duties.KeyCustody), new(null, Now.AddDays(3))), (Of(Duties.Audit), new(Now.AddDays(2), null))));

    [Fact]
    public void What_is_over_does_not_count() =>
        Assert.Empty(Meet((Of(Duties.KeyCustody), new(null, Now)), (Of(Duties.Audit), Period.Always)));

    [Fact] // Whichever of them says so, and once if both do.
    public void Two_roles_conflict_in_either_order_and_are_both_named() => Assert.All(
        new[] { Rules((Requester, Approver)), Rules((Approver, Requester)), Rules((Requester, Approver), (Approver, Requester)) },
        rules => Assert.Equal(
            "the roles approver and requester, which nobody has together",
            Assert.Single(Separation.Meeting([(Of(Requester), Period.Always), (Of(Approver), Period.Always)], rules, Now))));

    [Fact]
    public void Roles_of_which_none_says_so_do_not_and_one_role_twice_does_not()
    {
        var rules = Rules((Requester, Approver), (Approver, Payer));

        Assert.Empty(Separation.Meeting([(Of(Requester), Period.Always), (Of(Payer), Period.Always), (Of(Requester), Period.Always)], rules, Now));
        Assert.Equal(2, Separation.Meeting([(Of(Requester, Approver, Payer), Period.Always)], rules, Now).Count);
    }

    [Fact]
    public void Roles_one_after_the_other_do_not_and_overlapping_ones_do()
    {
        var rules = Rules((Requester, Approver));

        Assert.Empty(Separation.Meeting([(Of(Requester), new(null, Now.AddDays(2))), (Of(Approver), new(Now.AddDays(2), null))], rules, Now));
        Assert.Single(Separation.Meeting([(Of(Requester), new(null, Now.AddDays(3))), (Of(Approver), new(Now.AddDays(2), null))], rules, Now));
    }

    [Fact]
    public void Duties_and_roles_are_told_apart() => Assert.Equal(2, Separation.Meeting(
        [(new(Duties.Management, [Requester]), Period.Always), (new(Duties.Audit, [Approver]), Period.Always)], Rules((Requester, Approver)), Now).Count);

    [Fact]
    public void All_permissions_together_conflict_and_those_that_only_read_do_not()
    {
        Assert.True(AdministrationPermission.DutiesOf(AdministrationPermission.All.Select(permission => permission.Name)).Conflict());
        Assert.False(AdministrationPermission.DutiesOf(BuiltInRole.Auditor.Permissions.Select(permission => permission.Name)).Conflict());
        Assert.Equal(Duties.None, AdministrationPermission.DutiesOf(["posts.create", "users.read"]));
    }

    private static IReadOnlyList<string> Meet(params (Interests, Period)[] assigned) => Separation.Meeting(assigned, Conflicts.OfDuties, Now);

    private static Interests Of(Duties duties) => new(duties, []);

    private static Interests Of(params Guid[] roles) => new(Duties.None, [.. roles]);

    private static Conflicts Rules(params (Guid, Guid)[] pairs) =>
        new(pairs, new Dictionary<Guid, string> { [Requester] = "requester", [Approver] = "approver", [Payer] = "payer" });
}
