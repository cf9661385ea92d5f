using System.Security.Claims;
using IdentityProvider.Claims;
using OpenIddict.Abstractions;
using ClaimNames = OpenIddict.Abstractions.OpenIddictConstants.Claims;

namespace IdentityProvider.UnitTests.Claims;

/// <summary>It does what the framework's identity does.</summary>
public sealed class TokenIdentityTests
{
    private static readonly Claim[] some =
    [
        new(ClaimNames.Subject, "alice"), new(ClaimNames.AuthenticationMethodReference, "pwd"), new(ClaimNames.AuthenticationMethodReference, "otp"),
        new(ClaimNames.Private.Scope, "openid"), new(ClaimNames.Private.AuthorizationId, "grant"),
    ];

    [Theory]
    [InlineData("sub")]
    [InlineData("SUB")]
    [InlineData("amr")]
    [InlineData("oi_scp")]
    [InlineData("none")]
    public void FindsWhatTheFrameworkFinds(string type)
    {
        var (ours, theirs) = Both();

        Assert.Equal(theirs.FindAll(type).Select(Text), ours.FindAll(type).Select(Text));
        Assert.Equal(theirs.FindFirst(type)?.Value, ours.FindFirst(type)?.Value);
        Assert.Equal(theirs.HasClaim(type, "alice"), ours.HasClaim(type, "alice"));
        Assert.Equal(
            new ClaimsPrincipal(theirs).GetClaims(type),
            new ClaimsPrincipal(ours).GetClaims(type));
    }

    [Fact]
    public void WhatIsChangedInACopyStaysAsItWas()
    {
        var (ours, _) = Both();
        ours.FindFirst(ClaimNames.Subject)!.SetDestinations("access_token");

        var copy = new ClaimsPrincipal(ours).Clone(claim => claim.Type != ClaimNames.Private.AuthorizationId);
        copy.SetClaim(ClaimNames.Private.Scope, "profile").SetClaim(ClaimNames.Subject, "bob").SetClaim(ClaimNames.Nonce, "n");
        foreach (var claim in copy.Claims)
        {
            claim.SetDestinations();
        }

        Assert.Equal(["alice", "pwd", "otp", "openid", "grant"], ours.Claims.Select(claim => claim.Value));
        Assert.Equal(["access_token"], ours.FindFirst(ClaimNames.Subject)!.GetDestinations());
        Assert.Equal(["pwd", "otp", "profile", "bob", "n"], copy.Claims.Select(claim => claim.Value));
        Assert.IsType<TokenIdentity>(copy.Identity);
    }

    [Fact]
    public void ACopyIsOfTheSameKind()
    {
        var (ours, theirs) = Both();
        ours.Actor = new ClaimsIdentity([new Claim(ClaimNames.Subject, "robot")]);

        var copy = ours.Clone();

        Assert.Equal(
            (theirs.AuthenticationType, theirs.NameClaimType, theirs.RoleClaimType, theirs.IsAuthenticated),
            (copy.AuthenticationType, copy.NameClaimType, copy.RoleClaimType, copy.IsAuthenticated));
        Assert.Equal(ours.Claims.Select(Text), copy.Claims.Select(Text));
        Assert.Equal("robot", copy.Actor!.FindFirst(ClaimNames.Subject)!.Value);
    }

    [Fact]
    public void RemovesOnlyWhatItHas()
    {
        var (ours, _) = Both();
        var stranger = new Claim(ClaimNames.Subject, "alice");

        Assert.False(ours.TryRemoveClaim(stranger));
        Assert.False(ours.TryRemoveClaim(null));
        Assert.Throws<InvalidOperationException>(() => ours.RemoveClaim(stranger));
        ours.RemoveClaim(ours.FindFirst(ClaimNames.Subject));

        Assert.False(ours.HasClaim(ClaimNames.Subject, "alice"));
    }

    private static (TokenIdentity Ours, ClaimsIdentity Theirs) Both() =>
        (new TokenIdentity("scheme", some), new ClaimsIdentity(some, "scheme", ClaimNames.Name, ClaimNames.Role));

    private static (string, string, string) Text(Claim claim) => (claim.Type, claim.Value, claim.ValueType);
}
