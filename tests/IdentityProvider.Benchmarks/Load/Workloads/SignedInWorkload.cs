namespace IdentityProvider.Benchmarks.Load.Workloads;

/// <summary>Everybody is signed in, and everybody's application holds fresh tokens, before a round begins.</summary>
internal abstract class SignedInWorkload : Workload
{
    public override async Task PrepareAsync(Connection connection)
    {
        if (connection.CookieCount == 0)
        {
            await Steps.SignInAsync(connection);
        }

        connection.Tokens = await Steps.CodeFlowAsync(connection);
    }
}
