using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Data;

/// <summary><see cref="AppDbContext"/> on SQLite: named only by dependency injection and the migration tools.</summary>
internal sealed class SqliteAppDbContext(DbContextOptions<SqliteAppDbContext> options) : AppDbContext(options);
