using System.Net;

namespace IdentityProvider.Benchmarks.Load.Workloads;

/// <summary>Somebody who is signed in looks at the start page.</summary>
internal sealed class AccountPageWorkload : SignedInWorkload
{
    public override string Name => "account_page";

    public override async Task OperateAsync(Connection connection)
    {
        var page = await connection.BrowseAsync("/");
        page.Require(page.Status == HttpStatusCode.OK && page.Text.Contains(connection.Person.Name, StringComparison.Ordinal), "the page with the person's name");
    }
}
