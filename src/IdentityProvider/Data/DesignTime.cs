using IdentityProvider.Configuration;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace IdentityProvider.Data;

/// <summary>Lets the migration tools make a SQLite context without a running program.</summary>
internal sealed class SqliteDesignTime : IDesignTimeDbContextFactory<SqliteAppDbContext>
{
    public SqliteAppDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<SqliteAppDbContext>().UseSqlite("Data Source=:memory:").Options);
}

/// <summary>Lets the migration tools make a PostgreSQL context without a running server.</summary>
internal sealed class PostgresDesignTime : IDesignTimeDbContextFactory<PostgresAppDbContext>
{
    public PostgresAppDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<PostgresAppDbContext>().UseNpgsql("Host=localhost").Options);
}

/// <summary>Lets the tools compile the model of the protocol's tables, for the database that is named after <c>--</c>.</summary>
internal sealed class ProtocolDesignTime : IDesignTimeDbContextFactory<ProtocolDbContext>
{
    public ProtocolDbContext CreateDbContext(string[] args)
    {
        var builder = new DbContextOptionsBuilder<ProtocolDbContext>();
        return new((args.Contains(nameof(DatabaseProvider.PostgreSql)) ? builder.UseNpgsql("Host=localhost") : builder.UseSqlite("Data Source=:memory:")).Options);
    }
}
