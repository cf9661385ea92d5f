using System.Text.Json;
using IdentityProvider.Testing;
using Xunit;

namespace IdentityProvider.IntegrationTests.Deploy;

/// <summary>The systemd unit, as far as it can be seen without systemd as the first process.</summary>
[Collection(nameof(PublishedHost))]
public sealed class SystemdUnitTests(PublishedHost published)
{
    private const string Nobody = "65534";

    // What ProtectSystem=strict, PrivateTmp and the unit's account make of a machine: everything read-only but the state,
    // an empty /tmp, no capability and no way to get one.
    private const string Confine =
        """
        state=$1; shift
        mount --make-rprivate /
        mount --bind "$state" "$state"
        mount -t tmpfs -o mode=1777 tmpfs /tmp
        for target in $(cut -d' ' -f5 /proc/self/mountinfo); do
            case "$target" in
                "$state"|/tmp|/dev|/dev/*|/proc|/proc/*|/sys|/sys/*) ;;
                *) mount -o remount,bind,ro "$target" ;;
            esac
        done
        cd "$state"
        exec setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all -- "$@"
        """;

    [Fact]
    public async Task The_unit_s_command_line_serves_as_an_account_that_can_write_nothing_but_the_state()
    {
        await RequireNamespacesAsync();
        var state = published.NewFolder();
        await Tool.RunAsync("chown", $"{Nobody}:{Nobody}", state);
        var port = Ports.Free();

        await using var host = await HostProcess.StartAsync(state, port, new Dictionary<string, string?>(), ConfinedCommand(state, port));

        var status = await File.ReadAllTextAsync($"/proc/{host.Id}/status", TestContext.Current.CancellationToken);
        Assert.Matches(@"(?m)^Uid:\t65534\t65534\t65534\t65534$", status);
        Assert.Matches(@"(?m)^CapBnd:\t0{16}$", status);
        Assert.Matches(@"(?m)^NoNewPrivs:\t1$", status);
        var mounts = await File.ReadAllTextAsync($"/proc/{host.Id}/mountinfo", TestContext.Current.CancellationToken);
        Assert.Matches(@"(?m)^\d+ \d+ \S+ / / ro[, ]", mounts);

        using var discovery = JsonDocument.Parse(await host.Http.GetStringAsync(".well-known/openid-configuration", TestContext.Current.CancellationToken));
        Assert.Equal("https://login.example.com", discovery.RootElement.GetProperty("issuer").GetString());
        // Shows that the database can be written: the link's hash is a row.
        await Eventually.TrueAsync(() => Task.FromResult(host.Output.Contains("https://login.example.com/setup?token=", StringComparison.Ordinal)));
        Assert.Equal(
            ["data", "data/identityprovider.db", "data/protection.pfx"],
            Directory.EnumerateFileSystemEntries(state, "*", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(state, path))
                .Where(path => !path.Contains(".db-", StringComparison.Ordinal) && !path.EndsWith(".lock", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Systemd_finds_nothing_wrong_with_the_unit_and_finds_it_well_confined()
    {
        Tool.Require("systemd-analyze");
        var unit = Path.Combine(published.NewFolder(), "identityprovider.service");
        await File.WriteAllTextAsync(unit, UnitFile.Text.Replace(UnitFile.Program, published.Program, StringComparison.Ordinal), TestContext.Current.CancellationToken);

        Assert.Equal("", await Tool.RunAsync("systemd-analyze", "verify", "--man=no", unit));
        // In tenths, 0 is best. A network service with the usual few directives gets 7 to 9.
        await Tool.RunAsync("systemd-analyze", "security", "--offline=true", "--threshold=20", unit);
    }

    [Fact]
    public void The_account_and_the_state_folder_are_those_of_the_files_beside_the_unit()
    {
        var account = File.ReadAllText(Repository.PathOf("deploy", "systemd", "identityprovider.sysusers.conf"));

        Assert.Contains($"u {UnitFile.Value("User")} ", account, StringComparison.Ordinal);
        Assert.Equal(UnitFile.State, "/var/lib/" + UnitFile.Value("StateDirectory"));
        Assert.Equal(UnitFile.State, UnitFile.Value("WorkingDirectory"));
    }

    [Fact]
    public async Task A_command_runs_with_the_account_and_the_settings_of_the_unit()
    {
        // In place of systemd, something that says what it was asked for.
        var folder = published.NewFolder();
        await File.WriteAllTextAsync(Path.Combine(folder, "systemd-run"), "#!/bin/sh\nprintf '%s\\n' \"$@\"\n", TestContext.Current.CancellationToken);
        await Tool.RunAsync("chmod", "755", Path.Combine(folder, "systemd-run"));

        var words = (await Tool.RunAsync("env", $"PATH={folder}:/usr/bin:/bin", "sh", Repository.PathOf("deploy", "systemd", "identityprovider"), "keys", "list"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Contains("--uid=" + UnitFile.Value("User"), words);
        Assert.Contains("--gid=" + UnitFile.Value("Group"), words);
        Assert.Contains("--working-directory=" + UnitFile.Value("WorkingDirectory"), words);
        Assert.Contains("--property=EnvironmentFile=" + UnitFile.Value("EnvironmentFile"), words);
        Assert.Contains("--property=UMask=" + UnitFile.Value("UMask"), words);
        Assert.Equal([UnitFile.Program, "keys", "list", "--contentRoot", UnitFile.State], words[^5..]);
    }

    [Fact]
    public async Task Every_setting_of_the_example_environment_is_one()
    {
        // Also those that are commented out, with values where the example leaves them empty.
        var certificate = await ComposeFile.PrepareSecretsAsync(published.NewFolder());
        var lines = await File.ReadAllLinesAsync(Repository.PathOf("deploy", "systemd", "identityprovider.env"), TestContext.Current.CancellationToken);
        var settings = lines.Select(line => line.TrimStart('#'))
            .Where(line => line.StartsWith("IdentityProvider__", StringComparison.Ordinal))
            .Select(line => line.Split('=', 2))
            .ToDictionary(pair => pair[0], string? (pair) => pair[1].Length > 0 ? pair[1] : "something");
        Assert.True(settings.Remove("IdentityProvider__Declarations"), "A path that need not exist here.");
        settings["IdentityProvider__DataProtection__CertificatePath"] = Path.Combine(certificate, "protection.pfx");
        settings["DOTNET_ENVIRONMENT"] = "Production";

        var (exitCode, output) = await HostProcess.RunAsync(published.NewFolder(), settings, "check-config");

        Assert.Equal((0, "The configuration is right.\n"), (exitCode, output));
    }

    private List<string> ConfinedCommand(string state, int port)
    {
        // An environment of its own, as systemd gives: nothing of this test's leaks in.
        var environment = UnitFile.Environment();
        environment["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}";
        return
        [
            "unshare", "--mount", "sh", "-ec", "umask " + UnitFile.Value("UMask") + "\n" + Confine, "sh", state,
            "env", "-i", "PATH=/usr/bin:/bin", $"HOME={state}", .. environment.Select(pair => $"{pair.Key}={pair.Value}"), .. DotnetRoot(),
            .. UnitFile.CommandLine(published.Program, state),
        ];
    }

    private static IEnumerable<string> DotnetRoot() =>
        Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } root ? ["DOTNET_ROOT=" + root] : [];

    private static async Task RequireNamespacesAsync()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            Assert.Skip("Only root can give a process another account and a read-only view of the machine.");
        }

        Tool.Require("setpriv");
        var (exitCode, output) = await Tool.TryRunAsync("unshare", "--mount", "true");
        if (exitCode != 0)
        {
            Assert.Skip("This container may not make mount namespaces: " + output.Trim());
        }
    }
}
