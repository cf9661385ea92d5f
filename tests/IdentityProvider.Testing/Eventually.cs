namespace IdentityProvider.Testing;

/// <summary>Waits for what a background job does.</summary>
public static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Asks again and again until the answer is yes; fails when it has not become yes in 20 seconds.</summary>
    public static async Task TrueAsync(Func<Task<bool>> condition)
    {
        var until = TimeProvider.System.GetUtcNow() + Patience;
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetUtcNow() < until, "It did not happen within 20 seconds.");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }
}
