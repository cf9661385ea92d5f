using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using IdentityProvider.Audit;
using IdentityProvider.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static IdentityProvider.Testing.StandardDeclaration;

namespace IdentityProvider.IntegrationTests.AuditTrail;

/// <summary>Every refusal can be explained afterwards: by which rule, of what request, and what differed.</summary>
public sealed class DecisionRecordTests
{
    private const string LegalDescription = @"^[\x20-\x21\x23-\x5B\x5D-\x7E]+$";

    [Theory, OnEachDatabase] // AZ50, TK25: and no description has words of the library's
    public async Task A_refusal_of_every_endpoint_leaves_a_record_with_its_rule(TestDatabase database)
    {
        await using var host = await DecisionRecords.StartAsync(database);
        var (shop, stall, machine) = (host.RelyingParty(Shop), host.RelyingParty(Stall), host.RelyingParty(Machine));
        var tokens = await shop.SignInAsync(await host.NewPersonAsync(), "openid offline_access");
        using var browser = host.NewBrowser();
        (string Endpoint, string Rule, string Error, Func<Task> Ask)[] refusals =
        [
            ("authorization", "client_id.unknown", "invalid_request", () => OpenAsync("nobody", p => p["client_id"] = "nobody")),
            ("authorization", "client_id.missing", "invalid_request", () => OpenAsync(Shop, p => p.Remove("client_id"))),
            ("authorization", "redirect_uri.exact", "invalid_request", () => OpenAsync(Shop, p => p["redirect_uri"] += "/")),
            ("authorization", "redirect_uri.missing", "invalid_request", () => OpenAsync(Shop, p => p.Remove("redirect_uri"))),
            ("authorization", "scope.unknown", "invalid_scope", () => OpenAsync(Shop, p => p["scope"] = "openid nosuchscope")),
            ("authorization", "scope.not_allowed", "invalid_scope", () => OpenAsync(Stall, p => p["scope"] = "openid reports")),
            ("authorization", "resource.not_allowed", "invalid_target", () => OpenAsync(Shop, p => p["resource"] = StandardDeclaration.ApiResource)),
            ("authorization", "pkce.challenge_missing", "invalid_request", () => OpenAsync(Spa, p => { p.Remove("code_challenge"); p.Remove("code_challenge_method"); })),
            ("authorization", "pkce.challenge_length", "invalid_request", () => OpenAsync(Shop, p => p["code_challenge"] = "tooshort")),
            ("authorization", "authorization.login_required", "login_required", () => OpenAsync(Shop, p => p["prompt"] = "none")),
            ("authorization", "pending_request.expired", "expired_token", () => browser.OpenAsync("/connect/authorize?pending=none")),
            ("authorization", "parameter.repeated", "invalid_request", () => browser.OpenAsync(shop.NewRequest().Url + "&scope=openid")),
            ("token", "client.secret", "invalid_client", () => shop.With("wrong").TokenAsync(new() { ["grant_type"] = "refresh_token", ["refresh_token"] = "x" })),
            ("token", "client.method", "invalid_client", () => shop.With(shop.Secret, AuthenticationBy.Post).RefreshAsync("x")),
            ("token", "grant_type.not_registered", "unauthorized_client", () => shop.ClientCredentialsAsync("orders")),
            ("token", "grant_type.unsupported", "unsupported_grant_type", () => shop.TokenAsync(new() { ["grant_type"] = "guess" })),
            ("token", "code.unknown", "invalid_grant", () => shop.ExchangeAsync("x", shop.NewRequest())),
            ("token", "refresh_token.unknown", "invalid_grant", () => shop.RefreshAsync("x")),
            ("token", "refresh_token.other_client", "invalid_grant", () => stall.RefreshAsync(tokens.RefreshToken)),
            ("token", "scope.not_granted", "invalid_scope", () => shop.RefreshAsync(tokens.RefreshToken, "openid orders")),
            ("token", "scope.no_user", "invalid_scope", () => machine.ClientCredentialsAsync("openid")),
            ("userinfo", "access_token.missing", "missing_token", () => host.Http.GetAsync("connect/userinfo")),
            ("introspection", "http.method", "invalid_request", () => host.Http.GetAsync("connect/introspect?token=x")),
            ("introspection", "introspection.not_for_client", "invalid_token", () => stall.IntrospectAsync(tokens.AccessToken)),
            ("revocation", "token.other_client", "invalid_token", () => stall.RevokeAsync(tokens.RefreshToken)),
            ("end_session", "post_logout_redirect_uri.exact", "invalid_request", () => browser.OpenAsync("/connect/logout?client_id=shop&post_logout_redirect_uri=https%3A%2F%2Fapp.example%2Fby")),
            ("evaluation", "client.unauthenticated", "invalid_client", () => host.Http.PostAsync("access/v1/evaluation", null)),
            ("cross_origin", "cross_origin.origin", "not_allowed", PreflightAsync),
            ("request", "request.unreadable", "invalid_request", () => host.Http.PostAsync("connect/token", new FormUrlEncodedContent([new("grant_type", new string('x', 300_000))]))),
        ];

        foreach (var refusal in refusals)
        {
            await refusal.Ask();
        }

        var records = await host.RefusalsAsync();
        Assert.Equal(
            string.Join('\n', refusals.Select(refusal => $"{refusal.Endpoint} {refusal.Rule} {refusal.Error}").Order(StringComparer.Ordinal)),
            string.Join('\n', records.Select(record => $"{record.Endpoint} {record.Rule} {record.Error}").Order(StringComparer.Ordinal)));
        Assert.All(records, record =>
        {
            Assert.Equal(1, record.Count);
            Assert.Matches(LegalDescription, record.Description);
            Assert.DoesNotMatch("OpenIddict|ID2|specified|mandatory|documentation", record.Description);
            Assert.Equal(record.Error == "login_required" ? null : "127.0.0.1", record.RemoteAddress);
            Assert.NotNull(record.TraceId);
            Assert.Equal(TimeSpan.FromDays(30), record.ExpiresAt - record.LastAt);
        });

        async Task OpenAsync(string client, Action<Dictionary<string, string>> change) =>
            await browser.OpenAsync(host.RelyingParty(client == "nobody" ? Shop : client).NewRequest(change: change).Url);

        async Task PreflightAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Options, "connect/token");
            request.Headers.Add("Origin", "https://spa.exampel");
            request.Headers.Add("Access-Control-Request-Method", "POST");
            using var response = await host.Http.SendAsync(request);
        }
    }

    [Theory]
    [OnEachDatabase("https://app.example/callbak", RedirectUri, 26, "https://app.example/callbak", 2)]
    [OnEachDatabase("https://app.example/callback/", RedirectUri, 28, "https://app.example/callback/", 2)]
    [OnEachDatabase("http://app.example/callback", RedirectUri, 4, "http://app.example/callback", 2)]
    [OnEachDatabase("https://app.example/callback?bar=fox", RedirectUri + "?bar=foo", 35, "https://app.example/callback?bar=fox", 2)]
    [OnEachDatabase("https://evil.example/", RedirectUri, 8, "https://evil.example/", 2)]
    public async Task The_record_of_a_wrong_redirect_URI_shows_the_first_character_that_differs(
        TestDatabase database, string sent, string nearest, int index, string shown, int candidates)
    {
        await using var host = await DecisionRecords.StartAsync(database);
        using var browser = host.NewBrowser();

        var page = await browser.OpenAsync(host.RelyingParty(Shop).NewRequest(change: parameters => parameters["redirect_uri"] = sent).Url);

        var record = await host.RefusalAsync("redirect_uri.exact");
        var difference = Difference.FromJson(record.Difference)!;
        Assert.Equal((shown, nearest, (int?)index, (int?)index, (int?)candidates), (difference.Sent!, difference.Nearest!, difference.Index, difference.Column, difference.Candidates));
        Assert.Equal("redirect_uri", difference.What);
        Assert.Equal(Shop, record.ClientId);
        Assert.Equal(sent, Asked(record)["redirect_uri"]);
        Assert.Equal("code", Asked(record)["response_type"]);
        Assert.Equal("openid", Asked(record)["scope"]);
        Assert.Equal(DecisionReference.Show(record.Reference), page.TextOf("error-reference"));
        Assert.False(page.Has("request-id"));
    }

    [Fact] // RFC 8252 §7.3: the port of a loopback address is no difference
    public async Task A_native_app_is_told_of_the_path_and_not_of_its_port()
    {
        await using var host = await DecisionRecords.StartAsync(TestDatabase.Sqlite);
        using var browser = host.NewBrowser();

        await browser.OpenAsync(host.RelyingParty(Native).NewRequest(change: parameters => parameters["redirect_uri"] = "http://127.0.0.1:51234/callbakc").Url);

        var difference = Difference.FromJson((await host.RefusalAsync("redirect_uri.exact")).Difference)!;
        Assert.Equal(("http://127.0.0.1:51234/callback", (int?)29), (difference.Nearest, difference.Index));
    }

    [Theory, OnEachDatabase]
    public async Task The_token_endpoint_tells_what_differed(TestDatabase database)
    {
        await using var host = await DecisionRecords.StartAsync(database);
        var (shop, stall) = (host.RelyingParty(Shop), host.RelyingParty(Stall));
        var person = await host.NewPersonAsync();

        await ExchangeAsync((code, request) => stall.ExchangeAsync(code, request));
        await ExchangeAsync((code, request) => shop.ExchangeAsync(code, request with { CodeVerifier = new string('a', 43) }));
        await ExchangeAsync((code, request) => shop.TokenAsync(new() { ["grant_type"] = "authorization_code", ["code"] = code, ["redirect_uri"] = RedirectUri + "?bar=foo", ["code_verifier"] = request.CodeVerifier }));
        await ExchangeAsync(async (code, request) =>
        {
            host.Clock.Advance(TimeSpan.FromSeconds(90));
            return await shop.ExchangeAsync(code, request);
        });
        await shop.With(shop.Secret, AuthenticationBy.Post).RefreshAsync("x");

        Assert.Equal((Stall, Shop), await NotAmongAsync("code.other_client"));
        Assert.Equal(("client_secret_post", "client_secret_basic"), await NotAmongAsync("client.method"));
        Assert.Equal(28, Difference.FromJson((await host.RefusalAsync("redirect_uri.code")).Difference)!.Index);
        Assert.NotNull((await host.RefusalAsync("pkce.verifier")).Difference);
        Assert.Contains("expired", (await host.RefusalAsync("code.expired")).Description, StringComparison.Ordinal);

        async Task ExchangeAsync(Func<string, AuthorizationRequest, Task<ProtocolResponse>> exchange)
        {
            using var browser = host.NewBrowser();
            var request = shop.NewRequest();
            Assert.NotNull((await exchange(request.CodeFrom(await browser.AuthorizeAsync(request, person)), request)).Error);
        }

        async Task<(string?, string?)> NotAmongAsync(string rule)
        {
            var difference = Difference.FromJson((await host.RefusalAsync(rule)).Difference)!;
            return (difference.Sent, Assert.Single(difference.Others!));
        }
    }

    [Theory, OnEachDatabase]
    public async Task No_secret_is_ever_in_a_record(TestDatabase database)
    {
        await using var host = await DecisionRecords.StartAsync(database);
        string[] names =
        [
            "client_id", "client_secret", "redirect_uri", "response_type", "response_mode", "grant_type", "scope", "prompt", "state", "nonce", "code", "code_verifier",
            "code_challenge", "code_challenge_method", "refresh_token", "access_token", "token", "token_type_hint", "id_token_hint", "login_hint", "username", "password",
            "assertion", "client_assertion", "client_assertion_type", "device_code", "user_code", "subject_token", "subject_token_type", "actor_token", "actor_token_type",
            "requested_token_type", "resource", "audience", "acr_values", "max_age", "ui_locales", "display", "claims", "request", "request_uri", "registration",
            "post_logout_redirect_uri", "pending", "an_unknown_one",
        ];
        string[] withheld = ["client_secret", "state", "nonce", "code", "code_verifier", "refresh_token", "access_token", "token", "id_token_hint", "login_hint", "username",
            "password", "assertion", "client_assertion", "device_code", "user_code", "subject_token", "actor_token", "claims", "request", "request_uri", "an_unknown_one", "code_challenge"];
        string[] paths = ["connect/authorize", "connect/token", "connect/userinfo", "connect/introspect", "connect/revoke", "connect/logout", "connect/par", "connect/device"];
        var secrets = new List<string>();

        foreach (var path in paths)
        {
            foreach (var base64 in new[] { true, false })
            {
                // Of the size of a secret anywhere; and what a person types where only the value may be withheld.
                await SendAsync(path, names.ToDictionary(name => name, name => base64 || !withheld.Contains(name) ? Secret(Wire.RandomText()) : Secret("hunter2-" + Wire.RandomText(6))));
                var known = names.Except(["client_id", "redirect_uri", "response_type", "grant_type"]).ToDictionary(name => name, _ => Secret(Wire.RandomText()));
                await SendAsync(path, new(known) { ["client_id"] = Spa, ["response_type"] = "code", ["redirect_uri"] = SpaOrigin + "/callback/" + Secret(Wire.RandomText()), ["grant_type"] = "authorization_code" });
                await SendAsync(path, new(known) { ["client_id"] = Spa, ["response_type"] = "code", ["redirect_uri"] = $"https://me:{Secret("hunter2-" + Wire.RandomText(6))}@{Secret(Wire.RandomText())}/", ["grant_type"] = "refresh_token" });
            }
        }

        await Task.WhenAll(host.RelyingParty(Shop).With(Secret(Wire.RandomText())).RefreshAsync(Secret(Wire.RandomText())), host.RelyingParty(Shop).UserInfoAsync(Secret(Wire.RandomText())));

        var records = await host.RefusalsAsync();
        Assert.True(records.Count > 10, $"{records.Count} records");
        await host.Services.GetRequiredService<AuditLog>().FlushAsync(CancellationToken.None);
        await using var scope = host.Services.CreateAsyncScope();
        var events = await scope.ServiceProvider.GetRequiredService<AppDbContext>().Set<AuditEvent>().AsNoTracking().ToListAsync();
        var everything = JsonSerializer.Serialize(records) + JsonSerializer.Serialize(events);
        Assert.All(secrets, secret =>
        {
            Assert.DoesNotContain(secret[..Math.Min(20, secret.Length)], everything, StringComparison.Ordinal);
            Assert.DoesNotContain(secret[^Math.Min(20, secret.Length)..], everything, StringComparison.Ordinal);
        });

        string Secret(string value)
        {
            secrets.Add(value);
            return value;
        }

        async Task SendAsync(string path, Dictionary<string, string> parameters)
        {
            using var get = await host.Http.GetAsync($"{path}?{Wire.QueryOf(parameters)}");
            using var post = await host.Http.PostAsync(path, new FormUrlEncodedContent(parameters));
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(parameters) };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Secret(Wire.RandomText()));
            request.Headers.Add("Origin", "https://" + Secret(Wire.RandomText()) + ".example");
            using var both = await host.Http.SendAsync(request);
            host.Clock.Advance(TimeSpan.FromMinutes(1));
        }
    }

    [Fact]
    public async Task A_failed_sign_in_leaves_no_record_of_what_was_typed()
    {
        await using var host = await DecisionRecords.StartAsync(TestDatabase.Sqlite);
        using var browser = host.NewBrowser();

        await browser.SignInAsync("my-password-typed-into-the-wrong-field", "x");

        Assert.Empty(await host.RefusalsAsync());
        await host.Services.GetRequiredService<AuditLog>().FlushAsync(CancellationToken.None);
        await using var scope = host.Services.CreateAsyncScope();
        var refused = await scope.ServiceProvider.GetRequiredService<AppDbContext>().Set<AuditEvent>().SingleAsync(row => row.Type == AuditEventType.SignInRefused);
        Assert.DoesNotContain("typed", JsonSerializer.Serialize(refused), StringComparison.Ordinal);
    }

    [Theory, OnEachDatabase]
    public async Task A_refused_request_waits_for_no_write(TestDatabase database)
    {
        await using var host = await DecisionRecords.StartAsync(database);
        var machine = host.RelyingParty(Machine);
        await machine.With("wrong").ClientCredentialsAsync("orders");

        var refused = await machine.With("wrong too").ClientCredentialsAsync("orders");

        Assert.Equal(HttpStatusCode.Unauthorized, refused.Status);
        Assert.DoesNotContain(refused.Sql, command => command.Contains("DecisionRecords", StringComparison.Ordinal));
    }

    private static IReadOnlyDictionary<string, string> Asked(DecisionRecord record) => AskedParameters.Read(record.Asked);
}
