using IdentityProvider.Configuration;
using IdentityProvider.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;

namespace IdentityProvider.UnitTests.Architecture;

/// <summary>One model, two sets of migrations, held together. None of this needs a database server.</summary>
public sealed class ModelTests
{
    private static readonly AppDbContext Sqlite = new SqliteDesignTime().CreateDbContext([]);
    private static readonly AppDbContext Postgres = new PostgresDesignTime().CreateDbContext([]);

    [Fact]
    public void The_migrations_for_SQLite_follow_the_model() => Assert.False(Sqlite.Database.HasPendingModelChanges());

    [Fact]
    public void The_migrations_for_PostgreSQL_follow_the_model() => Assert.False(Postgres.Database.HasPendingModelChanges());

    [Fact]
    public void Both_databases_have_the_same_migrations() => Assert.Equal(Sqlite.Database.GetMigrations(), Postgres.Database.GetMigrations());

    [Fact]
    public void A_start_knows_the_migrations() => Assert.Equal(Sqlite.Database.GetMigrations(), SchemaVersion.Migrations);

    [Fact]
    public void Both_databases_have_the_same_tables_columns_and_indexes() => Assert.Equal(Describe(Sqlite), Describe(Postgres));

    // When one of these fails: src/IdentityProvider/Data/CompiledModels/regenerate.
    [Fact]
    public void The_compiled_models_for_SQLite_follow_the_model()
    {
        var (app, protocol) = (new DbContextOptionsBuilder<SqliteAppDbContext>(), new DbContextOptionsBuilder<ProtocolDbContext>());
        app.UseSqlite("Data Source=:memory:").UseSqliteAppModel();
        protocol.UseSqlite("Data Source=:memory:").UseSqliteProtocolModel();
        using var compiled = new SqliteAppDbContext(app.Options);
        using var compiledLean = new ProtocolDbContext(protocol.Options);
        using var lean = new ProtocolDesignTime().CreateDbContext([]);

        Assert.Equal(Detail(Sqlite), Detail(compiled));
        Assert.Equal(Detail(lean), Detail(compiledLean));
    }

    [Fact]
    public void The_compiled_models_for_PostgreSQL_follow_the_model()
    {
        var (app, protocol) = (new DbContextOptionsBuilder<PostgresAppDbContext>(), new DbContextOptionsBuilder<ProtocolDbContext>());
        app.UseNpgsql("Host=localhost").UsePostgresAppModel();
        protocol.UseNpgsql("Host=localhost").UsePostgresProtocolModel();
        using var compiled = new PostgresAppDbContext(app.Options);
        using var compiledLean = new ProtocolDbContext(protocol.Options);
        using var lean = new ProtocolDesignTime().CreateDbContext([nameof(DatabaseProvider.PostgreSql)]);

        Assert.Equal(Detail(Postgres), Detail(compiled));
        Assert.Equal(Detail(lean), Detail(compiledLean));
    }

    [Fact]
    public void The_lean_context_maps_the_protocols_tables_as_the_whole_one_does()
    {
        using var lean = new ProtocolDbContext(new DbContextOptionsBuilder<ProtocolDbContext>().UseSqlite("Data Source=:memory:").Options);

        var expected = Describe(Sqlite).Where(line => Describe(lean).Select(TableOf).Contains(TableOf(line)));

        Assert.Equal(expected, Describe(lean));
    }

    [Fact]
    public void Every_text_column_has_a_size() => Product.AssertNone(
        from entity in Sqlite.Model.GetEntityTypes()
        // Data Protection's own table: its XML is as long as it is.
        where entity.ClrType.Assembly == Product.Assembly
        from property in entity.GetProperties()
        let stored = property.GetValueConverter()?.ProviderClrType ?? property.ClrType
        where stored == typeof(string) && property.GetMaxLength() is null
        // The library's own columns are JSON or tokens of its making.
        where property.DeclaringType.ClrType.GetProperty(property.Name)?.DeclaringType?.Assembly == Product.Assembly
        select $"{entity.ClrType.Name}.{property.Name} has no length");

    [Fact]
    public void Time_is_a_UTC_DateTime() => Product.AssertNone(
        from entity in Sqlite.Model.GetEntityTypes()
        from property in entity.GetProperties()
        where property.ClrType == typeof(DateTimeOffset) || property.ClrType == typeof(DateTimeOffset?)
        where property.GetValueConverter()?.ProviderClrType != typeof(DateTime)
        select $"{entity.ClrType.Name}.{property.Name} is a DateTimeOffset");

    // Also what belongs to the mapping of a property: its type in the database, its conversion, what it is compared by.
    private static List<string> Detail(DbContext context) =>
    [
        .. context.Model.ToDebugString(MetadataDebugStringOptions.LongDefault).Split('\n'),
        .. from entity in context.Model.GetEntityTypes()
           from property in entity.GetProperties()
           let mapping = property.GetRelationalTypeMapping()
           select $"{entity.Name}.{property.Name} {mapping.StoreType} {mapping.Converter?.GetType()} {mapping.Comparer.GetType()}",
    ];

    private static string TableOf(string line) => line.Split(' ')[1].Split('.', '(')[0];

    private static IReadOnlyList<string> Describe(DbContext context)
    {
        // The design-time model has everything a migration sees; names of the databases' own types are left out.
        var model = context.GetService<IDesignTimeModel>().Model.GetRelationalModel();
        return [.. model.Tables.SelectMany(table =>
                table.Columns.Select(column => $"column {table.Name}.{column.Name} {(column.IsNullable ? "null" : "not null")} {LengthOf(column)}")
                    .Concat(table.Indexes.Select(index => $"index {table.Name}({Names(index.Columns)}) {index.Name} unique={index.IsUnique} filter={index.Filter}"))
                    .Concat(table.ForeignKeyConstraints.Select(key => $"reference {table.Name}({Names(key.Columns)}) {key.PrincipalTable.Name} {key.OnDeleteAction}"))
                    .Concat(table.PrimaryKey is { } primary ? [$"key {table.Name}({Names(primary.Columns)})"] : []))
            .Order(StringComparer.Ordinal)];
    }

    private static int? LengthOf(IColumn column) => column.PropertyMappings[0].Property.GetMaxLength();

    private static string Names(IEnumerable<IColumn> columns) => string.Join(", ", columns.Select(column => column.Name));
}
