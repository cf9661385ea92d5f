using System.Runtime.CompilerServices;
using IdentityProvider.Configuration;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace IdentityProvider.Data;

/// <summary>Registers both contexts for the configured database.</summary>
internal static class Database
{
    public static IServiceCollection AddDatabase(this IServiceCollection services, DatabaseOptions options)
    {
        services.AddSingleton<DataFolder>();
        services.AddSingleton<DatabaseFile>();
        services.AddSingleton<StartLock>();
        services.AddSingleton<DatabaseSchema>();
        services.AddSingleton<UsedProofs>();
        services.AddScoped<TokenRows>();
        services.AddSingleton<UserRows>();
        services.AddSingleton<ContextPools>();
        services.AddScoped(scope => scope.GetRequiredService<ContextPools>().LendApp());
        services.AddScoped(scope => scope.GetRequiredService<ContextPools>().LendProtocol());
        services.AddSingleton(provider => new Pruning(provider.GetRequiredService<Statements>(), TimeProvider.System));

        if (options.Provider == DatabaseProvider.PostgreSql)
        {
            AddPostgres(services, options);
        }
        else
        {
            SqliteLibrary.Prepare();
            services.AddSingleton<Statements, SqliteStatements>();
        }

        return services;
    }

    // By itself, so that a program on SQLite does not load the driver of PostgreSQL.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AddPostgres(IServiceCollection services, DatabaseOptions options)
    {
        services.AddSingleton(_ => DataSource(options));
        services.AddSingleton<Statements, PostgresStatements>();
    }

    // One pool of connections for everybody. Commands that come again are prepared on their connection, unless the operator said otherwise:
    // a proxy that hands each transaction another connection may not bear it.
    internal static NpgsqlDataSource DataSource(DatabaseOptions options)
    {
        var source = new NpgsqlDataSourceBuilder(options.ConnectionString);
        if (!source.ConnectionStringBuilder.Keys.Cast<string>().Contains("Max Auto Prepare", StringComparer.OrdinalIgnoreCase))
        {
            source.ConnectionStringBuilder.MaxAutoPrepare = 100;
            source.ConnectionStringBuilder.AutoPrepareMinUsages = 3;
        }

        return source.Build();
    }

    /// <summary>Whether a failed write broke a unique index: somebody else made the same row first.</summary>
    public static bool IsUniqueViolation(this DbUpdateException exception) => exception.InnerException switch
    {
        PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } => true,
        Microsoft.Data.Sqlite.SqliteException { SqliteExtendedErrorCode: 2067 or 1555 } => true,
        _ => false,
    };
}
