namespace IdentityProvider.Sandbox.Google;

/// <summary>What the stand-in says of a person, in the words and the shape of Google's userinfo (v3).</summary>
internal static class GoogleClaims
{
    public static Dictionary<string, object> For(GooglePerson person, IReadOnlyList<string> scopes)
    {
        var claims = new Dictionary<string, object> { ["sub"] = person.Subject };
        if (scopes.Contains("profile", StringComparer.Ordinal))
        {
            claims["name"] = person.Name;
            claims["given_name"] = person.GivenName;
            if (person.FamilyName is { } familyName)
            {
                claims["family_name"] = familyName;
            }

            claims["locale"] = "en";
        }

        if (scopes.Contains("email", StringComparer.Ordinal) && person.Email is { } email)
        {
            claims["email"] = email;
            if (person.EmailVerified is { } verified)
            {
                claims["email_verified"] = verified;
            }
        }

        return claims;
    }
}
