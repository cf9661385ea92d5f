namespace IdentityProvider.Authorize;

/// <summary>What releasing a claim means, in words for the person who is asked.</summary>
internal static class ClaimWords
{
    public static string For(string claim) => claim switch
    {
        ClaimNames.Name => "See your name",
        ClaimNames.GivenName => "See your given name",
        ClaimNames.FamilyName => "See your family name",
        ClaimNames.MiddleName => "See your middle name",
        ClaimNames.Nickname => "See your nickname",
        ClaimNames.PreferredUsername => "See your user name",
        ClaimNames.Profile => "See the address of your profile page",
        ClaimNames.Picture => "See your picture",
        ClaimNames.Website => "See the address of your website",
        ClaimNames.Gender => "See your gender",
        ClaimNames.Birthdate => "See your date of birth",
        ClaimNames.Zoneinfo => "See your time zone",
        ClaimNames.Locale => "See your language",
        ClaimNames.UpdatedAt => "See when your profile last changed",
        ClaimNames.Email => "See your email address",
        ClaimNames.EmailVerified => "See whether your email address is confirmed",
        ClaimNames.Address => "See your postal address",
        ClaimNames.PhoneNumber => "See your phone number",
        ClaimNames.PhoneNumberVerified => "See whether your phone number is confirmed",
        _ => $"See your {claim.Replace('_', ' ')}",
    };
}
