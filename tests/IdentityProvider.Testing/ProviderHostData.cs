using IdentityProvider.Accounts;
using IdentityProvider.Data;
using IdentityProvider.Declarations;
using IdentityProvider.Users;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Testing;

/// <summary>Puts into a running provider what a test needs.</summary>
public static class ProviderHostData
{
    private const string Password = "a-test-password-nobody-else-uses";

    // Hashing is made to be slow: the password is the same for all, so its hash is made once.
    private static string? passwordHash;

    /// <summary>Applies a declaration, as the command <c>apply</c> does.</summary>
    public static async Task ApplyAsync(this ProviderHost host, string declaration, bool prune = false)
    {
        await using var scope = host.Services.CreateAsyncScope();
        var outcome = await scope.ServiceProvider.GetRequiredService<DeclarationFile>()
            .ApplyTextAsync(declaration, host.Storage.ContentRoot, prune, CancellationToken.None);
        if (outcome is DeclarationOutcome.Refused refused)
        {
            Assert.Fail(string.Join('\n', refused.Errors));
        }
    }

    /// <summary>Makes a person nobody else in the run uses: no consents, no sessions, no failed attempts.</summary>
    public static async Task<TestPerson> NewPersonAsync(this ProviderHost host)
    {
        await using var scope = host.Services.CreateAsyncScope();
        passwordHash ??= scope.ServiceProvider.GetRequiredService<PasswordHasher>().Hash(Password);
        var name = "person-" + Wire.RandomText(9).ToLowerInvariant();
        var created = await scope.ServiceProvider.GetRequiredService<UserAccounts>().CreateAsync(
            new NewUser
            {
                UserName = name,
                Email = $"{name}@example.com",
                EmailVerified = true,
                Password = passwordHash,
                Profile = new() { Name = "Pat Person", GivenName = "Pat", FamilyName = "Person" },
            },
            CancellationToken.None);
        var user = Assert.IsType<UserCreation.Created>(created).User;
        return new TestPerson(user.Id, name, Password, user.Subject);
    }

    /// <summary>A fresh link that makes the first administrator, as the command <c>setup-link</c> prints it.</summary>
    public static async Task<string> NewSetupLinkAsync(this ProviderHost host)
    {
        await using var scope = host.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<SetupLinks>().CreateLinkAsync(CancellationToken.None)
            ?? throw new InvalidOperationException("There is an administrator already.");
    }

    /// <summary>A fresh link by which somebody chooses a new password, as the administration hands it out.</summary>
    public static async Task<string> NewResetLinkAsync(this ProviderHost host, TestPerson person)
    {
        await using var scope = host.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        var made = await scope.ServiceProvider.GetRequiredService<PasswordResets>()
            .MakeAsync(await db.Users.SingleAsync(user => user.Id == person.Id), preparedBy: null, CancellationToken.None);
        return Assert.IsType<PasswordLink.Made>(made).Url;
    }
}
