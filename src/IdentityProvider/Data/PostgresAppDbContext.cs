using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Data;

/// <summary><see cref="AppDbContext"/> on PostgreSQL: named only by dependency injection and the migration tools.</summary>
internal sealed class PostgresAppDbContext(DbContextOptions<PostgresAppDbContext> options) : AppDbContext(options);
