using Microsoft.AspNetCore.Http;

namespace IdentityProvider.Federation;

/// <summary>The addresses of signing in elsewhere.</summary>
internal static class ExternalLoginPaths
{
    public const string Callback = "/external-login/callback";

    /// <summary>The parameter of <see cref="Callback"/> that says why there is nothing to finish.</summary>
    public const string Failure = "failure";

    /// <summary>Where a person continues who has been at the provider.</summary>
    public static string CallbackFor(HttpContext http, string? pending, string? returnUrl)
    {
        var query = QueryString.Empty;
        query = pending is null ? query : query.Add("pending", pending);
        query = returnUrl is null ? query : query.Add("return_url", returnUrl);
        return http.Request.PathBase + Callback + query;
    }
}

/// <summary>Why a person came back from the provider with nothing.</summary>
internal enum ExternalFailure
{
    /// <summary>They pressed Cancel there.</summary>
    Cancelled,

    /// <summary>The answer belongs to no sign-in that this browser began: too late, another browser, a second time, or forged.</summary>
    StateLost,

    /// <summary>The provider did not answer, or answered with an error.</summary>
    ProviderFailed,
}
