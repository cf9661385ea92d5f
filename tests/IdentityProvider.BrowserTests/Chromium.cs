namespace IdentityProvider.BrowserTests;

/// <summary>One Chromium for the whole run, started when the first test needs it. It downloads nothing and asks nobody anything.</summary>
public sealed class Chromium : IAsyncDisposable
{
    private static readonly string[] Flags =
    [
        // In a container or as root there is no user namespace for the sandbox.
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
        // Every name but this machine's own is unknown: no test depends on the outside, and none reaches it.
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
    ];

    private readonly Lazy<Task<(IPlaywright Playwright, IBrowser Browser)>> started = new(StartAsync);

    public async Task<IBrowserContext> NewContextAsync(BrowserNewContextOptions options)
    {
        if (Installed.WithoutChromium is { } reason)
        {
            Assert.Skip(reason);
        }

        var context = await (await started.Value).Browser.NewContextAsync(options);
        context.SetDefaultTimeout(30_000);
        return context;
    }

    public async ValueTask DisposeAsync()
    {
        if (started.IsValueCreated && started.Value.IsCompletedSuccessfully)
        {
            var (playwright, browser) = await started.Value;
            await browser.DisposeAsync();
            playwright.Dispose();
        }
    }

    private static async Task<(IPlaywright Playwright, IBrowser Browser)> StartAsync()
    {
        var playwright = await Playwright.CreateAsync();
        return (playwright, await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Installed.Chromium, Args = Flags }));
    }
}
