using IdentityProvider.Audit;
using IdentityProvider.Data;
using IdentityProvider.Permissions;
using IdentityProvider.Protocol;
using IdentityProvider.Users;

namespace IdentityProvider.Declarations;

/// <summary>
/// People whom a file raises in the administration although somebody who holds less prepared their account. An entry takes the account of its name
/// whoever made it, so every other way into it is closed: what the file gives is for the person and not for whoever was there before.
/// </summary>
internal sealed class RaisedAccounts(
    AppDbContext db, PreparedAccounts prepared, WaysIn waysIn, PasswordChange passwords, GivenPasswords given, AuditLog audit)
{
    /// <summary>Who holds what, before the file is applied.</summary>
    public Task<AdministrationHolders> LookAsync(CancellationToken cancellationToken) => prepared.LookAsync(cancellationToken);

    /// <summary>Closes the accounts of those whom the file has raised; who has a password in the file gets it.</summary>
    public async Task SecureAsync(
        AdministrationHolders before, IReadOnlyDictionary<Guid, DeclaredPerson> declared, Progress progress, CancellationToken cancellationToken)
    {
        // Again until there are none: from one of them others may have been prepared, which counted as their own until now.
        while (await prepared.FindRaisedAsync(before, cancellationToken) is { Count: > 0 } raised)
        {
            foreach (var user in raised)
            {
                await SecureAsync(user, declared.GetValueOrDefault(user.Id), progress, cancellationToken);
            }
        }
    }

    private async Task SecureAsync(User user, DeclaredPerson? person, Progress progress, CancellationToken cancellationToken)
    {
        await waysIn.CloseAsync(user, preparedBy: null, cancellationToken);
        var told = $"The user {user.UserName} was there already, with a way in from somebody who holds less of the administration than they do from now on. "
            + "Password, links, sessions and accounts at other providers are void";
        if (person is not { Password: { } password })
        {
            progress.Tell($"{told}: let them in by \"users link {user.UserName}\".");
        }
        else if (GivenPasswords.ProblemOf(password) is { } problem)
        {
            progress.Refuse(person.Entry, [new MetadataProblem(UserMembers.Password, problem)]);
        }
        else
        {
            await passwords.SetAsync(user.Subject, await given.HashAsync(password, cancellationToken), cancellationToken);
            progress.Tell($"{told}; the password is the one of the file.");
        }

        audit.Add(db, AuditEventType.UserChanged, succeeded: true, user.Subject,
            reason: "Raised by a declaration above whoever prepared the account: every way into it was closed.");
        await db.SaveChangesAsync(cancellationToken);
    }
}
