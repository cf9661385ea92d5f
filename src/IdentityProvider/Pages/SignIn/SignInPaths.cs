using Microsoft.AspNetCore.Http;

namespace IdentityProvider.Pages.SignIn;

/// <summary>Our own addresses, keeping what a person was on the way to.</summary>
internal static class SignInPaths
{
    public static string Login(string? pending, string? returnUrl, bool outOfDate = false)
    {
        var query = QueryString.Empty;
        query = pending is null ? query : query.Add("pending", pending);
        query = returnUrl is null ? query : query.Add("return_url", returnUrl);
        query = outOfDate ? query.Add(ShowAgainWhenOutOfDateAttribute.Parameter, "true") : query;
        return "/login" + query;
    }
}
