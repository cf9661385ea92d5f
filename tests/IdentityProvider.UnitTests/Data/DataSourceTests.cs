using IdentityProvider.Configuration;
using IdentityProvider.Data;
using Npgsql;

namespace IdentityProvider.UnitTests.Data;

public sealed class DataSourceTests
{
    [Theory]
    [InlineData("", 100)]
    [InlineData(";Max Auto Prepare=0", 0)]
    [InlineData(";MaxAutoPrepare=7", 7)]
    public async Task Commands_are_prepared_unless_the_operator_said_otherwise(string setting, int prepared)
    {
        await using var source = Database.DataSource(new DatabaseOptions
        {
            Provider = DatabaseProvider.PostgreSql,
            ConnectionString = "Host=db.example.com;Username=somebody" + setting,
        });

        Assert.Equal(prepared, new NpgsqlConnectionStringBuilder(source.ConnectionString).MaxAutoPrepare);
    }
}
