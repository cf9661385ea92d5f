using IdentityProvider.Data;

namespace IdentityProvider.Users;

/// <summary>A person about to get an account.</summary>
internal sealed record NewUser
{
    public required string UserName { get; init; }

    /// <summary>The <c>sub</c>, which nothing changes later. Absent: the account's own id.</summary>
    public string? Subject { get; init; }

    public string? Email { get; init; }
    public bool EmailVerified { get; init; }
    public string? PhoneNumber { get; init; }
    public bool PhoneNumberVerified { get; init; }
    public UserProfile Profile { get; init; } = new();

    /// <summary>Names of roles that exist.</summary>
    public IReadOnlyList<AssignedRole> Roles { get; init; } = [];

    /// <summary>In plain, or a hash that <see cref="PasswordHasher.CanVerify"/>. Absent: the person cannot sign in by password.</summary>
    public string? Password { get; init; }

    /// <summary>The account at an upstream provider that this person signs in with.</summary>
    public ExternalLogin? ExternalLogin { get; init; }

    /// <inheritdoc cref="User.PreparedBy"/>
    public Guid? PreparedBy { get; init; }
}

/// <summary>A role that a person is to have, by its name.</summary>
internal sealed record AssignedRole(string Role, Period Period);

/// <summary>A person as an upstream provider knows them.</summary>
/// <param name="Provider">The name of the provider here, such as <c>google</c>.</param>
/// <param name="Key">The provider's own identifier of the person (<c>sub</c>): the only thing that stays.</param>
/// <param name="DisplayName">The provider's name for people.</param>
internal sealed record ExternalLogin(string Provider, string Key, string DisplayName);

/// <summary>One thing wrong with an account as it was asked for.</summary>
/// <param name="Member">Which member, by its name in a declaration file: <c>username</c>, <c>email</c>, <c>password</c>, <c>sub</c>, …</param>
/// <param name="Message">What is wrong, in a sentence for whoever wrote it.</param>
internal sealed record UserProblem(string Member, string Message);

/// <summary>The outcome of making an account.</summary>
internal abstract record UserCreation
{
    private UserCreation()
    {
    }

    public sealed record Created(User User) : UserCreation;

    public sealed record Refused(IReadOnlyList<UserProblem> Problems) : UserCreation;
}

/// <summary>Names of what an account consists of, as declaration files call them.</summary>
internal static class UserMembers
{
    public const string UserName = "username";
    public const string Password = "password";
    public const string Roles = "roles";
    public const string Subject = "sub";
    public const string Email = "email";
    public const string EmailVerified = "email_verified";
    public const string PhoneNumber = "phone_number";
    public const string PhoneNumberVerified = "phone_number_verified";
    public const string ExternalLogin = "external_login";
}
