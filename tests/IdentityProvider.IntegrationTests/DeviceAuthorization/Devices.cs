namespace IdentityProvider.IntegrationTests.DeviceAuthorization;

/// <summary>Devices without a keyboard, and the person who answers for them.</summary>
internal static class Devices
{
    public const string DeviceCodeGrant = "urn:ietf:params:oauth:grant-type:device_code";

    private const string BoxSecret = "box-secret-00000000000000000000000000000000";

    private const string Declaration = $$"""
        {
          "clients": [
            {
              "client_id": "tv", "client_name": "Living room TV", "token_endpoint_auth_method": "none",
              "grant_types": ["{{DeviceCodeGrant}}", "refresh_token"],
              "scope": "openid profile offline_access orders reports"
            },
            {
              "client_id": "box", "client_name": "Box", "client_secret": "{{BoxSecret}}",
              "grant_types": ["{{DeviceCodeGrant}}"], "scope": "openid orders"
            },
            {
              "client_id": "house", "client_name": "House app", "token_endpoint_auth_method": "none", "first_party": true,
              "grant_types": ["{{DeviceCodeGrant}}"], "scope": "openid"
            },
            {
              "client_id": "player", "client_name": "Player", "token_endpoint_auth_method": "none", "application_type": "native",
              "grant_types": ["authorization_code", "{{DeviceCodeGrant}}"], "redirect_uris": ["http://127.0.0.1/callback"], "scope": "openid orders"
            }
          ]
        }
        """;

    /// <summary>The shared provider with the devices declared.</summary>
    public static async Task<ProviderHost> WithDevicesAsync(this SharedProviders providers, TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        await host.ApplyAsync(Declaration);
        return host;
    }

    /// <summary>A provider of the test's own, for leaps in time, restarts and many wrong codes.</summary>
    public static async Task<ProviderHost> StartAsync(TestDatabase database)
    {
        Installed.Require(database);
        var host = await ProviderHost.StartAsync(new ProviderSettings { Database = database });
        await host.ApplyAsync(Declaration);
        return host;
    }

    public static RelyingParty Device(this ProviderNode node, string clientId = "tv") => clientId == "box"
        ? new(node, clientId, BoxSecret, null, AuthenticationBy.Basic)
        : new(node, clientId, null, "http://127.0.0.1/callback", AuthenticationBy.None);

    /// <summary>RFC 8628 §3.1.</summary>
    public static Task<ProtocolResponse> AskAsync(this RelyingParty device, string? scope = "openid orders") =>
        device.PostAsync("connect/device", scope is null ? [] : new() { ["scope"] = scope });

    /// <summary>RFC 8628 §3.4.</summary>
    public static Task<ProtocolResponse> PollAsync(this RelyingParty device, string deviceCode) =>
        device.TokenAsync(new() { ["grant_type"] = DeviceCodeGrant, ["device_code"] = deviceCode });

    public static async Task<Browser> SignedInAsync(this ProviderNode node, TestPerson person)
    {
        var browser = node.NewBrowser();
        await browser.SignInAsync(person.UserName, person.Password);
        return browser;
    }

    /// <summary>Types a code and presses Continue.</summary>
    public static async Task<Page> TypeCodeAsync(this Browser browser, string code) =>
        await browser.PressAndFollowAsync(await browser.OpenAsync("/device"), "device-continue", new Dictionary<string, string> { ["user_code"] = code });

    public static async Task<Page> AllowAsync(this Browser browser, string code) =>
        await browser.PressAndFollowAsync(await browser.TypeCodeAsync(code), "device-allow");

    /// <summary>The whole way: asked, allowed, fetched.</summary>
    public static async Task<ProtocolResponse> ConnectAsync(this RelyingParty device, Browser browser, string scope = "openid orders")
    {
        var codes = (await device.AskAsync(scope)).OrFail();
        await browser.AllowAsync(codes["user_code"]);
        return (await device.PollAsync(codes["device_code"])).OrFail();
    }
}
