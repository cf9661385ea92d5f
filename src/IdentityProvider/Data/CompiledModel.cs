using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Data;

/// <summary>
/// The models as code, so that no start spends time and memory on working them out. Made by <c>CompiledModels/regenerate</c> after a change
/// of the model, and named here because one context serves two databases.
/// </summary>
internal static class CompiledModel
{
#if WITHOUT_COMPILED_MODELS
    // How the code that makes them is built.
    public static void UseSqliteAppModel(this DbContextOptionsBuilder _) { }

    public static void UsePostgresAppModel(this DbContextOptionsBuilder _) { }

    public static void UseSqliteProtocolModel(this DbContextOptionsBuilder _) { }

    public static void UsePostgresProtocolModel(this DbContextOptionsBuilder _) { }
#else
    public static void UseSqliteAppModel(this DbContextOptionsBuilder builder) => builder.UseModel(CompiledModels.Sqlite.App.SqliteAppDbContextModel.Instance);

    public static void UsePostgresAppModel(this DbContextOptionsBuilder builder) => builder.UseModel(CompiledModels.PostgreSql.App.PostgresAppDbContextModel.Instance);

    public static void UseSqliteProtocolModel(this DbContextOptionsBuilder builder) => builder.UseModel(CompiledModels.Sqlite.Protocol.ProtocolDbContextModel.Instance);

    public static void UsePostgresProtocolModel(this DbContextOptionsBuilder builder) => builder.UseModel(CompiledModels.PostgreSql.Protocol.ProtocolDbContextModel.Instance);
#endif
}
