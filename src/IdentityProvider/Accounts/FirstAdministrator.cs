using System.Diagnostics;
using IdentityProvider.Audit;
using IdentityProvider.Data;
using IdentityProvider.Permissions;
using IdentityProvider.Users;

namespace IdentityProvider.Accounts;

/// <summary>Turns a setup link into an administrator, in one transaction.</summary>
internal sealed class FirstAdministrator(
    AppDbContext db, SetupLinks links, UserAccounts accounts, RoleRegistry roles, AccessCatalog access, AuditLog audit)
{
    /// <summary>A name that is taken leaves the link as it was; a consumed link leaves an administrator.</summary>
    public async Task<SetupOutcome> CreateAsync(
        string token, string userName, string? email, string passwordHash, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // First, as declarations do: one that holds this and makes the role too would wait for the role's row here, and this for it.
        await db.HoldAsync(ChangeStamps.Permissions, cancellationToken);
        if (!await links.ConsumeAsync(db, token, cancellationToken))
        {
            return new SetupOutcome.LinkIsVoid();
        }

        await roles.EnsureAsync(Role.Administrator, cancellationToken);
        var draft = new NewUser { UserName = userName, Email = email, Password = passwordHash, Roles = [new(Role.Administrator, Period.Always)] };
        switch (await accounts.CreateAsync(draft, cancellationToken))
        {
            case UserCreation.Created { User: var user }:
                audit.Add(db, AuditEventType.AdministratorCreated, succeeded: true, user.Subject, reason: "By the one-time link.");
                await db.SaveChangesAsync(cancellationToken);
                await transaction.CommitAsync(cancellationToken);
                access.Forget();
                return new SetupOutcome.Created(user);
            case UserCreation.Refused refused:
                return new SetupOutcome.Refused(refused.Problems);
            case var other:
                throw new UnreachableException($"Unhandled outcome {other}.");
        }
    }
}
