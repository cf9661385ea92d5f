using System.CommandLine;
using System.Diagnostics;
using System.Text;
using IdentityProvider.Configuration;
using IdentityProvider.Data;
using IdentityProvider.Users;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Hosting.Commands;

/// <summary><c>users</c>: people, without a browser.</summary>
internal static class UsersCommand
{
    public static Command Build(string[] configuration)
    {
        var name = new Argument<string>("USERNAME") { Description = "The name to sign in with." };
        var email = new Option<string?>("--email") { Description = "An address of this person." };
        var verified = new Option<bool>("--email-verified") { Description = "You know that the address is theirs." };
        var roles = new Option<string[]>("--role") { Description = "A role, such as administrator; may be repeated." };
        var file = new Option<string?>("--password-file") { Description = "A file with the password. Without it the password is asked for, or read from standard input." };
        var none = new Option<bool>("--no-password") { Description = "Make an account that cannot sign in by password." };
        var create = new Command("create", "Makes an account.") { name, email, verified, roles, file, none };
        create.SetAction((parsed, cancellationToken) => Workbench.RunAsync(configuration, services => CreateAsync(
            services,
            new NewUser
            {
                UserName = parsed.GetRequiredValue(name),
                Email = parsed.GetValue(email),
                EmailVerified = parsed.GetValue(verified),
                Roles = [.. (parsed.GetValue(roles) ?? []).Select(role => new AssignedRole(role, Period.Always))],
                Password = parsed.GetValue(none) ? null : ReadPassword(parsed.GetValue(file)),
            },
            cancellationToken), cancellationToken));

        var disabled = new Argument<string>("USERNAME") { Description = "Whose account." };
        var disable = new Command("disable", "Ends every session of a person and whatever apps were granted, and lets them sign in no more.") { disabled };
        disable.SetAction((parsed, cancellationToken) => Workbench.RunAsync(
            configuration, services => SetStatusAsync(services, parsed.GetRequiredValue(disabled), enabled: false, cancellationToken), cancellationToken));

        var enabled = new Argument<string>("USERNAME") { Description = "Whose account." };
        var enable = new Command("enable", "Lets a disabled person sign in again. What was ended stays ended.") { enabled };
        enable.SetAction((parsed, cancellationToken) => Workbench.RunAsync(
            configuration, services => SetStatusAsync(services, parsed.GetRequiredValue(enabled), enabled: true, cancellationToken), cancellationToken));

        var linked = new Argument<string>("USERNAME") { Description = "Whose account." };
        var link = new Command("link", "Prints a link with which a person chooses a password, once and within an hour. Password, sessions and accounts at other providers are void with it.") { linked };
        link.SetAction((parsed, cancellationToken) => Workbench.RunAsync(
            configuration, services => LinkAsync(services, parsed.GetRequiredValue(linked), cancellationToken), cancellationToken));
        return new Command("users", "Looks after people.") { create, disable, enable, link };
    }

    private static async Task<int> SetStatusAsync(IServiceProvider services, string name, bool enabled, CancellationToken cancellationToken)
    {
        if (await services.GetRequiredService<UserDirectory>().FindByNameAsync(name, cancellationToken) is not { } user)
        {
            await Console.Error.WriteLineAsync($"There is no user {name}.");
            return 1;
        }

        var status = services.GetRequiredService<AccountStatus>();
        var changed = enabled
            ? await status.EnableAsync(user.Subject, cancellationToken)
            : await status.DisableAsync(user.Subject, cancellationToken);
        await Console.Out.WriteLineAsync((enabled, changed) switch
        {
            (false, true) => $"Disabled {user.UserName}. Every session of theirs has ended, with the access that apps had.",
            (false, false) => $"{user.UserName} was disabled already.",
            (true, true) => $"Enabled {user.UserName}. They can sign in again.",
            (true, false) => $"{user.UserName} was not disabled.",
        });
        return 0;
    }

    private static async Task<int> LinkAsync(IServiceProvider services, string name, CancellationToken cancellationToken)
    {
        if (await services.GetRequiredService<UserDirectory>().FindByNameAsync(name, cancellationToken) is not { } user)
        {
            await Console.Error.WriteLineAsync($"There is no user {name}.");
            return 1;
        }

        switch (await services.GetRequiredService<PasswordResets>().MakeAsync(user, preparedBy: null, cancellationToken))
        {
            case PasswordLink.Made made:
                await Console.Out.WriteLineAsync(made.Url);
                return 0;
            case PasswordLink.Refused refused:
                await Console.Error.WriteLineAsync(refused.Problem);
                return 1;
            case var other:
                throw new UnreachableException($"Unhandled outcome {other}.");
        }
    }

    private static async Task<int> CreateAsync(IServiceProvider services, NewUser draft, CancellationToken cancellationToken)
    {
        await services.GetRequiredService<RoleRegistry>().EnsureBuiltInAsync(draft.Roles.Select(role => role.Role), cancellationToken);
        switch (await services.GetRequiredService<UserAccounts>().CreateAsync(draft, cancellationToken))
        {
            case UserCreation.Created { User: var user }:
                await Console.Out.WriteLineAsync($"Made {user.UserName} with sub {user.Subject}.");
                return 0;
            case UserCreation.Refused refused:
                foreach (var problem in refused.Problems)
                {
                    await Console.Error.WriteLineAsync($"{problem.Member}: {problem.Message}");
                }

                return 1;
            case var other:
                throw new UnreachableException($"Unhandled outcome {other}.");
        }
    }

    // Never an option's value: command lines are seen by every account of the machine and kept in histories.
    private static string ReadPassword(string? file)
    {
        if (file is not null)
        {
            return File.Exists(file)
                ? File.ReadAllText(file).TrimEnd('\r', '\n')
                : throw new StartRefusedException($"The password file {file} does not exist.");
        }

        if (Console.IsInputRedirected)
        {
            return Console.In.ReadLine() ?? throw new StartRefusedException("Standard input holds no password; write one line, or use --password-file or --no-password.");
        }

        Console.Error.Write("Password: ");
        var password = new StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                password.Length = Math.Max(0, password.Length - 1);
            }
            else if (!char.IsControl(key.KeyChar))
            {
                password.Append(key.KeyChar);
            }
        }

        Console.Error.WriteLine();
        return password.ToString();
    }
}
