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

        if (options.Provider == DatabaseProvider.PostgreSql)
        {
            services.AddDbContextPool<ProtocolDbContext>(builder => builder.UseNpgsql(options.ConnectionString));
            services.AddDbContextPool<AppDbContext, PostgresAppDbContext>(builder => builder.UseNpgsql(options.ConnectionString));
        }
        else
        {
            services.AddSingleton<SqliteConnections>();
            services.AddDbContextPool<ProtocolDbContext>(UseSqlite);
            services.AddDbContextPool<AppDbContext, SqliteAppDbContext>(UseSqlite);
        }

        return services;
    }

    private static void UseSqlite(IServiceProvider provider, DbContextOptionsBuilder builder) =>
        builder.UseSqlite(provider.GetRequiredService<DatabaseFile>().ConnectionString)
            .AddInterceptors(provider.GetRequiredService<SqliteConnections>());

    /// <summary>Whether a failed write broke a unique index: somebody else made the same row first.</summary>
    public static bool IsUniqueViolation(this DbUpdateException exception) => exception.InnerException switch
    {
        PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } => true,
        Microsoft.Data.Sqlite.SqliteException { SqliteExtendedErrorCode: 2067 or 1555 } => true,
        _ => false,
    };
}
