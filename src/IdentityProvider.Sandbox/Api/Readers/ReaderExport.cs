using System.Security.Claims;
using IdentityProvider.ResourceServer;
using Microsoft.AspNetCore.Authorization;

namespace IdentityProvider.Sandbox.Api.Readers;

/// <summary>By attributes: data of European readers is exported in Europe, by people who work there, in working hours.</summary>
internal sealed class ReaderExport(IAuthorizationService authorization)
{
    /// <summary>Where a person works; the provider puts it into access tokens for this API.</summary>
    public const string RegionClaim = "https://publishing.sandbox.example/region";

    private const string Europe = "EU";
    private const string EuropeanData = "european-data";

    /// <param name="policies">The API's policies.</param>
    /// <param name="isOfficeAlwaysOpen">Whether every hour is a working hour.</param>
    public static void AddPolicy(AuthorizationBuilder policies, bool isOfficeAlwaysOpen) => policies.AddAttributePolicy(EuropeanData, policy =>
    {
        policy
            .RequireAction("only exporting", "export")
            .Require<ReaderList>("by somebody of the region that the data is of", (list, facts) => facts.Subject.Claim(RegionClaim) == list.Region)
            .RequireRegion("from a server in Europe", Europe)
            .RequireNetwork("from this machine", "127.0.0.0/8", "::1/128")
            .RequireAssurance("signed in today", maxAge: TimeSpan.FromHours(12));
        if (!isOfficeAlwaysOpen)
        {
            policy.RequireTime("in working hours", OfficeHours.TimeZone, OfficeHours.From, OfficeHours.Until, OfficeHours.Days);
        }
    });

    public async Task<bool> IsAllowedAsync(ClaimsPrincipal caller, ReaderList list) =>
        list.Region != Europe || (await authorization.AuthorizeAsync(caller, new AccessRequest("export", list), EuropeanData)).Succeeded;
}
