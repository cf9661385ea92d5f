using System.Net.Sockets;
using IdentityProvider.Configuration;
using IdentityProvider.Data;
using IdentityProvider.Declarations;
using IdentityProvider.Keys;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Npgsql;

namespace IdentityProvider.Hosting;

/// <summary>What must be done before the first request is answered, one process after the other.</summary>
internal sealed class StartUp(
    IServiceScopeFactory scopes, StartLock startLock, DatabaseSchema schema, IHostEnvironment environment,
    DeclarationsAtStart declarations, IOptions<DatabaseOptions> database) : IHostedService
{
    private bool ready;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!ready)
        {
            await PrepareAsync(cancellationToken);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Tables, keys and declarations: everything a server or a command needs.</summary>
    /// <exception cref="StartRefusedException">Something of it is not as it must be.</exception>
    public Task PrepareAsync(CancellationToken cancellationToken) => InTurnAsync(async () =>
    {
        await PrepareTablesAsync(cancellationToken);
        await PrepareKeysAsync(cancellationToken);
        await declarations.ApplyAsync(cancellationToken);
        ready = true;
    }, cancellationToken);

    /// <summary>Applies pending migrations whatever the setting says, and returns their names.</summary>
    public async Task<IReadOnlyList<string>> MigrateAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<string> applied = [];
        await InTurnAsync(async () => applied = await schema.ApplyAsync(cancellationToken), cancellationToken);
        return applied;
    }

    /// <summary>New keys in place of all that are there, also where those can no longer be read.</summary>
    public Task ReplaceKeysAsync(CancellationToken cancellationToken) => InTurnAsync(async () =>
    {
        await PrepareTablesAsync(cancellationToken);
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<ProtectionKeys>().DiscardUnusableAsync(cancellationToken);
        await scope.ServiceProvider.GetRequiredService<KeyRotation>().ReplaceNowAsync(cancellationToken);
    }, cancellationToken);

    private async Task PrepareTablesAsync(CancellationToken cancellationToken)
    {
        if (database.Value.MigratesAtStart)
        {
            await schema.ApplyAsync(cancellationToken);
        }
        else
        {
            await schema.RequireAppliedAsync(cancellationToken);
        }
    }

    private async Task PrepareKeysAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<ProtectionKeys>().Ensure();
        var ring = scope.ServiceProvider.GetRequiredService<KeyRing>();
        await ring.RefreshAsync(cancellationToken);
        if (KeyLife.Always.Any(algorithm => ring.Find(algorithm) is null))
        {
            await scope.ServiceProvider.GetRequiredService<KeyRotation>().EnsureFirstKeysAsync(cancellationToken);
            await ring.RefreshAsync(cancellationToken);
        }
    }

    private async Task InTurnAsync(Func<Task> work, CancellationToken cancellationToken)
    {
        try
        {
            if (database.Value.Provider == DatabaseProvider.Sqlite && database.Value.ConnectionString is null)
            {
                new DataFolder(environment).Ensure();
            }

            await using var turn = await startLock.TakeAsync(cancellationToken);
            await work();
        }
        catch (Exception exception) when (exception.GetBaseException() is NpgsqlException or SqliteException or SocketException)
        {
            throw new StartRefusedException(
                $"The database cannot be used ({exception.GetBaseException().Message.TrimEnd('.')}); check {DatabaseOptions.Section}:ConnectionString and that the database is there.");
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            throw new StartRefusedException(
                $"A file cannot be used ({exception.Message.TrimEnd('.')}); this account must be able to write in the folder of the database.");
        }
    }
}

internal static class StartUpRegistration
{
    public static IServiceCollection AddStartUp(this IServiceCollection services) => services
        .AddSingleton<StartUp>()
        .AddHostedService(provider => provider.GetRequiredService<StartUp>());
}
