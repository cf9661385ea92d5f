using System.CommandLine;
using IdentityProvider.Configuration;
using IdentityProvider.Hosting.Commands;
using Microsoft.AspNetCore.Connections;

namespace IdentityProvider.Hosting;

/// <summary>The identity provider as a program: the server and the commands that look after it.</summary>
public static class IdentityProviderProgram
{
    /// <summary>Runs the command that <paramref name="args"/> name, or the server when they name none.</summary>
    /// <param name="args">A command with its options, and configuration as <c>--Section:Key=value</c>.</param>
    /// <returns>The exit code: 0 when it did what was asked, 1 when it did not. What went wrong is on standard error, one sentence each.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        ArgumentNullException.ThrowIfNull(args);
        var (configuration, rest) = CommandLine.Split(args);
        try
        {
            // The server, which runs for months, needs no parser in its memory.
            return rest is [] or [ServeCommand.Name]
                ? await ServeCommand.RunAsync(configuration, CancellationToken.None)
                : await ParseAsync(configuration, rest);
        }
        catch (StartRefusedException refused)
        {
            return await FailAsync(refused.Sentences);
        }
        catch (IOException exception) when (exception.InnerException is AddressInUseException)
        {
            return await FailAsync([$"{exception.Message.TrimEnd('.')}; stop the other program or choose another address with --urls."]);
        }
    }

    private static Task<int> ParseAsync(string[] configuration, string[] command) =>
        CommandLine.Build(configuration).Parse(command, CommandLine.Reading).InvokeAsync(new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            // The server ends by itself when it is told to, after it has answered what it was asked.
            ProcessTerminationTimeout = null,
        });

    private static async Task<int> FailAsync(IEnumerable<string> sentences)
    {
        foreach (var sentence in sentences)
        {
            await Console.Error.WriteLineAsync(sentence);
        }

        return 1;
    }
}
