using System.Text.Json.Nodes;

namespace IdentityProvider.Users;

/// <summary>A person as a declaration file has them. What it does not name stays as it is.</summary>
/// <param name="UserName">Which account; made when there is none of that name.</param>
/// <param name="Subject">The <c>sub</c>, or null where the entry names none. An existing account keeps its own: naming another is refused.</param>
/// <param name="Password">In plain or as a hash; used only when the account is made.</param>
/// <param name="Roles">Exactly the roles the person shall have, or null where the entry names none.</param>
/// <param name="Claims">The named claims of OpenID Connect Core §5.1 other than <c>sub</c>; a null takes a claim away.</param>
internal sealed record DeclaredUser(
    string UserName, string? Subject, string? Password, IReadOnlyList<AssignedRole>? Roles, JsonObject Claims)
{
    /// <summary>The claims, and everything wrong with them and the name.</summary>
    public (DeclaredClaims Claims, IReadOnlyList<UserProblem> Problems) Read()
    {
        var problems = new List<UserProblem>();
        if (UserRules.UserNameProblem(UserName, address: null) is { } problem)
        {
            problems.Add(new(UserMembers.UserName, problem));
        }

        return (DeclaredClaims.Read(Claims, problems), problems);
    }
}

/// <summary>The outcome of applying a declared person.</summary>
internal abstract record DeclaredUserOutcome
{
    private DeclaredUserOutcome()
    {
    }

    public sealed record Created : DeclaredUserOutcome;

    public sealed record Changed : DeclaredUserOutcome;

    public sealed record Unchanged : DeclaredUserOutcome;

    /// <param name="Problems">Each names its member, relative to the entry (<c>address.country</c>).</param>
    public sealed record Refused(IReadOnlyList<UserProblem> Problems) : DeclaredUserOutcome;
}
