using System.Collections.Concurrent;
using Deque.AxeCore.Playwright;
using IdentityProvider.Sandbox;

namespace IdentityProvider.BrowserTests;

/// <summary>A test in Chromium against the sandbox. Fails also when a page broke its own Content-Security-Policy, or a script or the server failed.</summary>
public abstract class BrowserTest(Chromium chromium, SharedSandbox sandbox) : IAsyncLifetime
{
    private static readonly string Screenshots = Repository.PathOf("artifacts", "screenshots");
    private readonly ConcurrentQueue<string> complaints = new();
    private readonly List<IBrowserContext> contexts = [];

    internal SandboxAddresses Addresses { get; private set; } = null!;

    /// <summary>Somebody the stand-in for Google has never sent here before.</summary>
    private protected static GooglePersonSeen NewGooglePerson() => new("2" + Wire.RandomText(12), $"{Wire.RandomText(6).ToLowerInvariant()}@mail.sandbox.example");

    public async ValueTask InitializeAsync()
    {
        if (Installed.WithoutChromium is { } reason)
        {
            Assert.Skip(reason);
        }

        Addresses = (await sandbox.AppAsync()).Addresses;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var context in contexts)
        {
            await context.DisposeAsync();
        }

        GC.SuppressFinalize(this);
        Assert.True(complaints.IsEmpty, string.Join('\n', complaints));
    }

    /// <summary>A page in a browser of its own: no cookies, no history.</summary>
    protected async Task<IPage> OpenBrowserAsync(BrowserNewContextOptions? options = null)
    {
        var context = await chromium.NewContextAsync(options ?? new BrowserNewContextOptions());
        contexts.Add(context);
        context.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning" && message.Text.Contains("Content Security Policy", StringComparison.Ordinal))
            {
                complaints.Enqueue($"{message.Page?.Url}: {message.Text}");
            }
        };
        context.WebError += (_, error) => complaints.Enqueue($"{error.Page?.Url}: {error.Error}");
        context.Response += (_, response) =>
        {
            if (response.Status >= 500)
            {
                complaints.Enqueue($"{response.Url} answered {response.Status}");
            }
        };
        return await context.NewPageAsync();
    }

    /// <summary>Nothing axe-core knows about is wrong with the page, the best practices included.</summary>
    protected static async Task AssertAccessibleAsync(IPage page)
    {
        var result = await page.RunAxe();

        Assert.True(result.Violations.Length == 0, string.Join('\n', result.Violations.Select(violation =>
            $"{page.Url}: {violation.Id}: {violation.Help}\n  {string.Join("\n  ", violation.Nodes.Select(node => node.Html))}")));
    }

    /// <summary>Nothing sticks out sideways.</summary>
    protected static async Task AssertFitsAsync(IPage page) => Assert.True(
        await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= document.documentElement.clientWidth"),
        $"{page.Url} is wider than the screen.");

    /// <summary>Checks a page for accessibility and keeps its picture in <c>artifacts/screenshots</c>.</summary>
    protected async Task LookAsync(IPage page, string name)
    {
        await KeepPictureAsync(page, name);
        await AssertAccessibleAsync(page);
    }

    /// <summary>Keeps a page's picture in <c>artifacts/screenshots</c>.</summary>
    protected async Task KeepPictureAsync(IPage page, string name)
    {
        var options = new PageScreenshotOptions { Path = Path.Combine(Screenshots, GetType().Name, name + ".png"), FullPage = true };
        for (var tries = 1; ; tries++)
        {
            try
            {
                await page.ScreenshotAsync(options);
                return;
            }
            catch (PlaywrightException refused) when (tries < 5 && refused.Message.Contains("Unable to capture screenshot", StringComparison.Ordinal))
            {
                // Chromium says so while it changes what draws the page, as after a navigation on a busy machine, and takes the picture a moment later.
                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, TestContext.Current.CancellationToken);
            }
        }
    }

    /// <summary>From the sample app's "Sign in" to the provider's login page.</summary>
    protected async Task GoToLoginAsync(IPage page)
    {
        await page.GotoAsync(Addresses.WebApp);
        await page.ClickAsync("#sign-in");
        await page.ArriveAsync(Addresses.Provider + "/login?**");
    }

    protected static async Task SubmitPasswordAsync(IPage page, string username, string password)
    {
        await page.FillAsync("#username", username);
        await page.FillAsync("#password", password);
        await page.ClickAsync("#login-submit");
    }

    /// <summary>From the login page to the stand-in for Google and back with somebody it does not list.</summary>
    private protected async Task SignInWithGoogleAsync(IPage page, GooglePersonSeen person)
    {
        await page.ClickAsync("#external-google");
        await page.ArriveAsync(Addresses.Google + "/**");
        await page.ClickAsync("summary");
        await page.FillAsync("#other-subject", person.Subject);
        await page.FillAsync("#other-email", person.Email);
        await page.SetCheckedAsync("#other-email-verified", person.Verified);
        await page.ClickAsync("#account-other");
    }

    protected async Task AssertSignedInAsync(IPage page, string name)
    {
        await page.ArriveAsync(Addresses.WebApp + "/");
        Assert.Equal(name, await page.InnerTextAsync("#signed-in-name"));
    }

    protected static Task<string> ClaimAsync(IPage page, string claim) => page.InnerTextAsync($"[data-claim={claim}]");
}

internal sealed record GooglePersonSeen(string Subject, string Email, bool Verified = true);
