using Microsoft.AspNetCore.Identity;

namespace IdentityProvider.Data;

/// <summary>A person who can sign in.</summary>
internal sealed class User : IdentityUser<Guid>
{
    /// <summary>The <c>sub</c> of this person: at most 255 ASCII characters, unique, set only at creation (OpenID Connect Core §2).</summary>
    public string Subject { get; init; } = "";

    /// <summary>The standard claims of OpenID Connect Core §5.1 other than email and phone number, which Identity keeps.</summary>
    public UserProfile Profile { get; set; } = new();

    public DateTime CreatedAt { get; init; }

    /// <summary>When a claim of this person last changed: the <c>updated_at</c> claim.</summary>
    public DateTime UpdatedAt { get; set; }

    /// <summary>Set while the account may not be used: no sign-in, no refresh, no userinfo.</summary>
    public DateTime? DisabledAt { get; set; }

    /// <summary>
    /// Whoever made this account, or the last link to a password of it, over the administration API, and so may be able to enter it: the key of a person
    /// or a client, be it of one that is no more. Null where it was the operator, or nobody but the person.
    /// </summary>
    public Guid? PreparedBy { get; set; }
}
