using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Data;

/// <summary>
/// What the library's stores write through: only the protocol's own tables.
/// Its stores call SaveChanges on the context they are given, so sharing <see cref="AppDbContext"/>
/// would let a token request save somebody else's half-made change.
/// </summary>
internal sealed class ProtocolDbContext(DbContextOptions<ProtocolDbContext> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder) => ProtocolTables.Map(modelBuilder);

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        Conventions.Apply(configurationBuilder);
}
