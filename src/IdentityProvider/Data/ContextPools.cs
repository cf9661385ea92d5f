using IdentityProvider.Configuration;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace IdentityProvider.Data;

/// <summary>
/// Lends contexts to scopes, which give them back when they end. The pools are made with the first loan: registering them the usual way
/// loads most of EF Core into a server that may not need it for hours.
/// </summary>
internal sealed class ContextPools
{
    private readonly SqliteConnections connections = new();
    private readonly IServiceProvider services;
    private readonly Lazy<IDbContextFactory<ProtocolDbContext>> protocol;
    private readonly Lazy<Func<AppDbContext>> app;

    public ContextPools(IServiceProvider services, IOptions<DatabaseOptions> options)
    {
        this.services = services;
        var isPostgres = options.Value.Provider == DatabaseProvider.PostgreSql;
        // One that fails is made again with the next loan.
        protocol = new(
            () => isPostgres
                ? Pool<ProtocolDbContext>(builder => UseNpgsql(builder).UsePostgresProtocolModel())
                : Pool<ProtocolDbContext>(builder => UseSqlite(builder).UseSqliteProtocolModel()),
            LazyThreadSafetyMode.PublicationOnly);
        app = new(
            () => isPostgres
                ? Pool<PostgresAppDbContext>(builder => UseNpgsql(builder).UsePostgresAppModel()).CreateDbContext
                : Pool<SqliteAppDbContext>(builder => UseSqlite(builder).UseSqliteAppModel()).CreateDbContext,
            LazyThreadSafetyMode.PublicationOnly);
    }

    public AppDbContext LendApp() => app.Value();

    public ProtocolDbContext LendProtocol() => protocol.Value.CreateDbContext();

    private PooledDbContextFactory<TContext> Pool<TContext>(Action<DbContextOptionsBuilder> configure) where TContext : DbContext
    {
        var builder = new DbContextOptionsBuilder<TContext>();
        builder.UseApplicationServiceProvider(services);
        configure(builder);
        // What a program that hosts the library adds by ConfigureDbContext.
        foreach (var more in services.GetServices<IDbContextOptionsConfiguration<TContext>>())
        {
            more.Configure(services, builder);
        }

        return new PooledDbContextFactory<TContext>(builder.Options);
    }

    private DbContextOptionsBuilder UseNpgsql(DbContextOptionsBuilder builder) =>
        Quieten(builder.UseNpgsql(services.GetRequiredService<NpgsqlDataSource>()));

    private DbContextOptionsBuilder UseSqlite(DbContextOptionsBuilder builder) =>
        Quieten(builder.UseSqlite(services.GetRequiredService<DatabaseFile>().ConnectionString).AddInterceptors(connections));

    // Each of these is followed by an exception, which whoever expected it handles and whoever did not logs.
    // Logged here too, every lost race for a unique row would look like an error.
    private static DbContextOptionsBuilder Quieten(DbContextOptionsBuilder builder) => builder.ConfigureWarnings(warnings => warnings.Log(
        (RelationalEventId.ConnectionError, LogLevel.Debug),
        (RelationalEventId.CommandError, LogLevel.Debug),
        (CoreEventId.QueryIterationFailed, LogLevel.Debug),
        (CoreEventId.SaveChangesFailed, LogLevel.Debug),
        (CoreEventId.OptimisticConcurrencyException, LogLevel.Debug)));
}
