using IdentityProvider.Configuration;
using IdentityProvider.Data;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace IdentityProvider.UnitTests.Data;

public sealed class DatabaseFileTests
{
    [Theory]
    [InlineData("Data Source=idp.db;Cache=Shared;Default Timeout=7", SqliteCacheMode.Private)]
    [InlineData("Data Source=idp.db;Cache=Private;Default Timeout=7", SqliteCacheMode.Private)]
    [InlineData("Data Source=idp.db;Default Timeout=7", SqliteCacheMode.Default)]
    [InlineData("Data Source=idp;Mode=Memory;Cache=Shared;Default Timeout=7", SqliteCacheMode.Shared)]
    public void Connections_to_a_file_share_no_cache(string written, SqliteCacheMode cache)
    {
        var file = new DatabaseFile(Options.Create(new DatabaseOptions { ConnectionString = written }), null!);

        var address = new SqliteConnectionStringBuilder(file.ConnectionString);

        Assert.Equal((cache, 7), (address.Cache, address.DefaultTimeout));
        Assert.Equal(new SqliteConnectionStringBuilder(written).DataSource, address.DataSource);
    }
}
