using IdentityProvider.Claims;
using IdentityProvider.Permissions;
using IdentityProvider.Protocol;

namespace IdentityProvider.UnitTests.Scopes;

/// <summary>What the server itself says under names of its own is reserved.</summary>
public sealed class ReservedNamesTests
{
    [Theory]
    [InlineData(PrincipalFactory.SessionIdClaim)]
    [InlineData(PrincipalFactory.SectorSubjectClaim)]
    [InlineData(ActorClaim.Act)]
    [InlineData(ActorClaim.MayAct)]
    [InlineData(AccessClaims.Roles)]
    [InlineData(AccessClaims.Groups)]
    [InlineData(AccessClaims.Entitlements)]
    [InlineData("SUB")]
    public void They_are_reserved(string claim) => Assert.True(ReservedClaims.Contains(claim));
}
