using IdentityProvider.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Declarations;

/// <summary>Applies the configured file before a server or a command begins to work. The caller holds the start lock.</summary>
internal sealed partial class DeclarationsAtStart(
    IServiceScopeFactory scopes, DeclaredState state, FileOfLastStart last, IOptions<ProviderOptions> options, IHostEnvironment environment,
    ILogger<DeclarationsAtStart> logger)
{
    /// <exception cref="StartRefusedException">Something is wrong with the file, which is not the one of the last start.</exception>
    public async Task ApplyAsync(CancellationToken cancellationToken)
    {
        if (options.Value.DeclarationsPath(environment) is not { } path)
        {
            return;
        }

        var file = await last.ReadKeyAsync(path, cancellationToken);
        if (await state.IsAsync(path, cancellationToken))
        {
            Log.Unchanged(logger, path);
            await last.RememberAsync(path, file, cancellationToken);
            return;
        }

        await using var scope = scopes.CreateAsyncScope();
        switch (await scope.ServiceProvider.GetRequiredService<DeclarationFile>().ApplyAsync(path, prune: false, cancellationToken))
        {
            case DeclarationOutcome.Applied applied:
                Log.Applied(logger, path, applied);
                foreach (var note in applied.Notes)
                {
                    Log.Noted(logger, path, note);
                }

                await last.RememberAsync(path, file, cancellationToken);
                break;
            case DeclarationOutcome.Refused refused
                when file is { } key && await last.IsAsync(key, cancellationToken) && await last.ReadKeyAsync(path, cancellationToken) == key:
                foreach (var error in refused.Errors)
                {
                    Log.Contradicted(logger, path, error);
                }

                await last.RecordAsync(refused.Errors, cancellationToken);

                break;
            case DeclarationOutcome.Refused refused:
                throw new StartRefusedException([.. refused.Errors.Select(error => $"{path}: {error}")]);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "{Path} was applied: {Outcome}.")]
        public static partial void Applied(ILogger logger, string path, DeclarationOutcome outcome);

        [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "Everything is as {Path} declares; nothing was applied.")]
        public static partial void Unchanged(ILogger logger, string path);

        [LoggerMessage(EventId = 3, Level = LogLevel.Warning, Message = "{Path}: {Note}")]
        public static partial void Noted(ILogger logger, string path, string note);

        [LoggerMessage(EventId = 4, Level = LogLevel.Error,
            Message = "{Path} is as it was at the last start and yet refused, so nothing of it was applied: {Error}")]
        public static partial void Contradicted(ILogger logger, string path, string error);
    }
}
