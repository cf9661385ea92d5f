namespace IdentityProvider.Sandbox.Google;

/// <summary>Who the stand-in is, and the one client registered with it.</summary>
/// <param name="Issuer">Its origin without a trailing slash.</param>
/// <param name="RedirectUris">Compared byte for byte.</param>
internal sealed record GoogleSettings(
    string Issuer, string ClientId, string ClientSecret, string ClientName, IReadOnlyList<string> RedirectUris)
{
    public string AuthorizationEndpoint => Issuer + GoogleApp.AuthorizationPath;

    public string TokenEndpoint => Issuer + GoogleApp.TokenPath;

    public string UserInfoEndpoint => Issuer + GoogleApp.UserInfoPath;

    public string KeysAddress => Issuer + GoogleApp.KeysPath;
}
