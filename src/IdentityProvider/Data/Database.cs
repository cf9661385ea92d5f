using IdentityProvider.Configuration;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;

namespace IdentityProvider.Data;

/// <summary>Registers both contexts for the configured database.</summary>
internal static class Database
{
    public static IServiceCollection AddDatabase(this IServiceCollection services, DatabaseOptions options)
    {
        services.AddSingleton<DataFolder>();
        services.AddDbContextPool<ProtocolDbContext>((provider, builder) => Use(provider, builder));

        if (options.Provider == DatabaseProvider.PostgreSql)
        {
            services.AddDbContextPool<AppDbContext, PostgresAppDbContext>((provider, builder) => Use(provider, builder));
        }
        else
        {
            services.AddDbContextPool<AppDbContext, SqliteAppDbContext>((provider, builder) => Use(provider, builder));
        }

        return services;
    }

    private static void Use(IServiceProvider provider, DbContextOptionsBuilder builder)
    {
        var options = provider.GetRequiredService<IOptions<DatabaseOptions>>().Value;
        if (options.Provider == DatabaseProvider.PostgreSql)
        {
            builder.UseNpgsql(options.ConnectionString);
        }
        else
        {
            builder.UseSqlite(options.ConnectionString
                ?? $"Data Source={provider.GetRequiredService<DataFolder>().PathOf("identityprovider.db")}");
        }
    }

    /// <summary>Whether a failed write broke a unique index: somebody else made the same row first.</summary>
    public static bool IsUniqueViolation(this DbUpdateException exception) => exception.InnerException switch
    {
        PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } => true,
        Microsoft.Data.Sqlite.SqliteException { SqliteExtendedErrorCode: 2067 or 1555 } => true,
        _ => false,
    };
}
