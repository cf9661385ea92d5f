using IdentityProvider.Sessions;

namespace IdentityProvider.Pages;

/// <summary>Who is signed in, as the pages show it.</summary>
/// <param name="Detail">What tells this account from others: the email address or the username.</param>
internal sealed record Person(string Name, string Detail)
{
    /// <summary>Where somebody else can sign in; null where that is no answer to the page's question.</summary>
    public string? SwitchUrl { get; init; }

    public string Initial => Initials.Of(Name);

    public static Person From(CurrentSession session) => new(session.DisplayName, session.Email ?? session.UserName);
}
