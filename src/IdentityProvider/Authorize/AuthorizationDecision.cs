namespace IdentityProvider.Authorize;

/// <summary>Which step comes next for an authorization request.</summary>
internal abstract record AuthorizationDecision
{
    private AuthorizationDecision()
    {
    }

    /// <summary>The person must prove who they are.</summary>
    public sealed record SignIn : AuthorizationDecision;

    /// <summary>The person must say which account to use.</summary>
    public sealed record ChooseAccount : AuthorizationDecision;

    /// <summary>The person must allow what the client asks for.</summary>
    public sealed record AskConsent : AuthorizationDecision;

    /// <summary>Nothing is missing.</summary>
    public sealed record Issue : AuthorizationDecision;

    /// <summary>The client is told no.</summary>
    /// <param name="Error">The <c>error</c> code.</param>
    /// <param name="Description">One ASCII sentence for the client's developer.</param>
    public sealed record Refuse(string Error, string Description) : AuthorizationDecision;
}
