using IdentityProvider.Data;
using IdentityProvider.Permissions;

namespace IdentityProvider.UnitTests.Permissions;

/// <summary>Which duties meet at some moment.</summary>
public sealed class SeparationTests
{
    private static readonly DateTime Now = new(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void Two_duties_at_one_moment_conflict() =>
        Assert.Equal(Duties.Management | Duties.Audit, Meet((Duties.Management, Period.Always), (Duties.Audit, Period.Always)));

    [Fact]
    public void The_same_duty_twice_and_reading_beside_it_do_not() =>
        Assert.Equal(Duties.None, Meet((Duties.Management, Period.Always), (Duties.Management, Period.Always), (Duties.None, Period.Always)));

    [Fact]
    public void One_after_the_other_does_not() =>
        Assert.Equal(Duties.None, Meet((Duties.Management, new(null, Now.AddDays(2))), (Duties.Audit, new(Now.AddDays(2), null))));

    [Fact]
    public void An_overlap_that_has_yet_to_come_does() =>
        Assert.NotEqual(Duties.None, Meet((Duties.KeyCustody, new(null, Now.AddDays(3))), (Duties.Audit, new(Now.AddDays(2), null))));

    [Fact]
    public void What_is_over_does_not_count() =>
        Assert.Equal(Duties.None, Meet((Duties.KeyCustody, new(null, Now)), (Duties.Audit, Period.Always)));

    [Fact]
    public void All_permissions_together_conflict_and_those_that_only_read_do_not()
    {
        Assert.True(AdministrationPermission.DutiesOf(AdministrationPermission.All.Select(permission => permission.Name)).Conflict());
        Assert.False(AdministrationPermission.DutiesOf(BuiltInRole.Auditor.Permissions.Select(permission => permission.Name)).Conflict());
        Assert.Equal(Duties.None, AdministrationPermission.DutiesOf(["posts.create", "users.read"]));
    }

    private static Duties Meet(params (Duties, Period)[] assigned) => Separation.Conflict(assigned, Now);
}
