using System.Globalization;
using System.Net;
using CsCheck;
using static IdentityProvider.Testing.StandardDeclaration;

namespace IdentityProvider.IntegrationTests.Fuzz;

/// <summary>
/// Valid requests with one thing wrong: no 500, no hang, no open redirect, no reflected script, and nothing given to whoever must not have it.
/// 500 requests a database; <c>IDP_FUZZ_REQUESTS=10000</c> for a long run. A failure prints a seed: <c>CsCheck_Seed</c> repeats it.
/// </summary>
public sealed class MutatedRequestTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static int Requests =>
        int.TryParse(Environment.GetEnvironmentVariable("IDP_FUZZ_REQUESTS"), NumberStyles.None, CultureInfo.InvariantCulture, out var wanted) ? wanted : 500;

    [Theory, OnEachDatabase]
    public async Task One_thing_wrong_never_opens_or_breaks_anything(TestDatabase database)
    {
        await using var provider = await ProviderHost.StartAsync(new ProviderSettings { Database = database });
        var requests = await ValidRequests.PrepareAsync(provider);
        var generator = Gen.Select(Gen.OneOfConst([.. ValidRequests.Endpoints]), Mutation.Any);

        await generator.SampleAsync(
            async sample =>
            {
                var valid = await requests.CreateAsync(sample.Item1);
                var broken = sample.Item2.Apply(valid);
                var answer = await SendAsync(provider, broken);
                Judge(provider, valid, broken, answer);
            },
            iter: Requests, threads: 2, print: sample => $"{sample.Item1}: {sample.Item2}");
    }

    [Theory, OnEachDatabase] // Without this the test above would hold for a server that refuses everything.
    public async Task Unbroken_they_all_succeed(TestDatabase database)
    {
        await using var provider = await ProviderHost.StartAsync(new ProviderSettings { Database = database });
        var requests = await ValidRequests.PrepareAsync(provider);

        foreach (var endpoint in ValidRequests.Endpoints)
        {
            var answer = await SendAsync(provider, await requests.CreateAsync(endpoint));

            Assert.True(
                (int)answer.Status is 200 or 201 || (answer.Headers.TryGetValue("Location", out var to) && !to.Contains("error=", StringComparison.Ordinal)),
                $"{endpoint}: {answer}");
        }
    }

    private static async Task<ProtocolResponse> SendAsync(ProviderHost provider, Attempt attempt)
    {
        using var limit = new CancellationTokenSource(Patience);
        using var request = attempt.ToRequest();
        using var response = await provider.Http.SendAsync(request, limit.Token);
        return await ProtocolResponse.ReadAsync(response);
    }

    private static void Judge(ProviderHost provider, Attempt valid, Attempt broken, ProtocolResponse answer)
    {
        var told = $"\n{broken}\n-> {answer}\n{string.Join("; ", answer.Headers)}";
        Assert.True((int)answer.Status < 500, "A failure inside" + told);
        Assert.DoesNotContain(Mutation.Marker, answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("OpenIddict", answer.Body, StringComparison.OrdinalIgnoreCase);
        if (answer.Headers.TryGetValue("Location", out var location))
        {
            Assert.True(IsHome(provider, location), "A redirect to somewhere else" + told);
        }

        if (answer.Find("error_description") is { } description)
        {
            // RFC 6749 §5.2
            Assert.True(description.All(character => character is ' ' or '!' or (>= '#' and <= '[') or (>= ']' and <= '~')), "An illegal description" + told);
        }

        var gives = Gives(answer, location);
        Assert.False(gives && Mutation.IsDecisive(valid, broken) && !IsHarmless(valid, broken), "Given although what decides was changed" + told);
    }

    // Ours, or exactly an address that the client registered.
    private static bool IsHome(ProviderHost provider, string location) =>
        location.StartsWith('/') && !location.StartsWith("//", StringComparison.Ordinal) && !location.StartsWith("/\\", StringComparison.Ordinal)
        || location.StartsWith(provider.Issuer + "/", StringComparison.Ordinal)
        || new[] { RedirectUri, LoggedOutUri, SpaOrigin + "/callback" }.Contains(location.Split('?', '#')[0]);

    private static bool Gives(ProtocolResponse answer, string? location) =>
        answer.Status is HttpStatusCode.OK or HttpStatusCode.Created
            && (answer.Find("access_token") ?? answer.Find("request_uri") ?? answer.Find("device_code") ?? answer.Find("sub")) is not null
        || (location is not null && location.Split('?', '#', '&').Any(part => part.StartsWith("code=", StringComparison.Ordinal) || part.StartsWith("access_token=", StringComparison.Ordinal)));

    // Some changes are none: the method of an endpoint that takes both, a scheme in other letters, the other registered redirect URI.
    private static bool IsHarmless(Attempt valid, Attempt broken) =>
        (broken.Method != valid.Method && broken.Authorization == valid.Authorization && valid.Path is "connect/authorize" or "connect/userinfo")
        || (valid.Path is "connect/userinfo" && valid.Authorization is not null && broken.Authorization == valid.Authorization)
        || (valid.Path is "connect/authorize" && broken.Body is null && broken.Authorization != valid.Authorization
            && Mutation.IsDecisive(valid, broken with { Authorization = valid.Authorization }) == false)
        || (valid.Authorization is null && broken.Body is null && !Mutation.IsDecisive(valid, broken with { Authorization = null }));
}
