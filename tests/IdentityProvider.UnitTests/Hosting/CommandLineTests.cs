using IdentityProvider.Hosting.Commands;

namespace IdentityProvider.UnitTests.Hosting;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("", "", "")]
    [InlineData("serve", "", "serve")]
    [InlineData("--urls http://localhost:1", "--urls http://localhost:1", "")]
    [InlineData("--urls=http://localhost:1 serve", "--urls=http://localhost:1", "serve")]
    [InlineData("migrate --IdentityProvider:Database:Provider=PostgreSql", "--IdentityProvider:Database:Provider=PostgreSql", "migrate")]
    [InlineData("--IdentityProvider:Issuer https://login.example.com keys list", "--IdentityProvider:Issuer https://login.example.com", "keys list")]
    [InlineData("apply file.json --prune", "", "apply file.json --prune")]
    [InlineData("users create ada --email=a:b@example.com", "", "users create ada --email=a:b@example.com")]
    public void Configuration_is_told_from_commands(string typed, string configuration, string command)
    {
        var split = CommandLine.Split(typed.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(configuration, string.Join(' ', split.Configuration));
        Assert.Equal(command, string.Join(' ', split.Command));
    }

    [Theory]
    [InlineData("serv")]
    [InlineData("serve extra")]
    [InlineData("apply")]
    [InlineData("keys list --now")]
    [InlineData("sessions end")]
    [InlineData("sessions end sid --user ada")]
    [InlineData("users disable")]
    [InlineData("--prune")]
    public void A_misspelt_word_is_no_silent_start(string typed) =>
        Assert.NotEmpty(CommandLine.Build([]).Parse(typed.Split(' ')).Errors);

    [Theory]
    [InlineData("-bcdefghijklmnopqrstuv")]
    [InlineData("-hcdefghijklmnopqrstuv")]
    [InlineData("--cdefghijklmnopqrstuv")]
    public void A_sid_may_begin_with_a_dash(string sid)
    {
        var (configuration, command) = CommandLine.Split(["sessions", "end", sid]);
        var parsed = CommandLine.Build(configuration).Parse(command, CommandLine.Reading);

        Assert.Empty(parsed.Errors);
        Assert.Equal(sid, parsed.GetValue<string>("SID"));
    }

    [Fact]
    public void Every_command_says_what_it_does()
    {
        var commands = CommandLine.Build([]).Subcommands.SelectMany(command => command.Subcommands.Prepend(command)).ToList();

        Assert.Equal(["apply", "check", "check-config", "create", "disable", "enable", "end", "keys", "link", "list", "list", "logouts", "migrate", "policies", "preview", "rotate", "serve", "sessions", "setup-link", "users", "why"],
            commands.Select(command => command.Name).Order(StringComparer.Ordinal));
        Assert.All(commands, command => Assert.NotEmpty(command.Description!));
        Assert.All(commands.SelectMany(command => command.Options), option => Assert.NotEmpty(option.Description!));
    }
}
