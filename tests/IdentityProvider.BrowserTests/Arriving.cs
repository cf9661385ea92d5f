using System.Text.RegularExpressions;

namespace IdentityProvider.BrowserTests;

/// <summary>Waits for an address. Playwright's own wait for one misses, now and then, a page that finishes loading just as the waiting begins.</summary>
internal static class Arriving
{
    private static readonly TimeSpan longest = TimeSpan.FromSeconds(30);

    /// <summary>Waits until the page is there and loaded.</summary>
    /// <param name="address">The address; <c>**</c> stands for anything.</param>
    public static Task ArriveAsync(this IPage page, string address)
    {
        var pattern = "^" + Regex.Escape(address).Replace(@"\*\*", ".*", StringComparison.Ordinal) + "$";
        return page.ArriveAsync(url => Regex.IsMatch(url, pattern, RegexOptions.CultureInvariant, longest), address);
    }

    /// <inheritdoc cref="ArriveAsync(IPage, string)"/>
    public static async Task ArriveAsync(this IPage page, Func<string, bool> isThere, string wanted = "another address")
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!isThere(page.Url) || !await IsLoadedAsync(page))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < longest, $"Waited for {wanted}, and the browser is at {page.Url}.");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    private static async Task<bool> IsLoadedAsync(IPage page)
    {
        try
        {
            return await page.EvaluateAsync<string>("document.readyState") == "complete";
        }
        catch (PlaywrightException)
        {
            // It went on to the next page meanwhile.
            return false;
        }
    }
}
