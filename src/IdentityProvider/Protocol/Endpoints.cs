namespace IdentityProvider.Protocol;

/// <summary>The paths of the protocol endpoints.</summary>
internal static class Endpoints
{
    public const string Configuration = "/.well-known/openid-configuration";
    public const string AuthorizationServerMetadata = "/.well-known/oauth-authorization-server";
    public const string JsonWebKeySet = "/.well-known/jwks";
    public const string Authorization = "/connect/authorize";
    public const string PushedAuthorization = "/connect/par";
    public const string Token = "/connect/token";
    public const string UserInfo = "/connect/userinfo";
    public const string Introspection = "/connect/introspect";
    public const string Revocation = "/connect/revoke";
    public const string DeviceAuthorization = "/connect/device";
    public const string EndSession = "/connect/logout";
    public const string CheckSession = "/connect/check-session";
    public const string Evaluation = "/access/v1/evaluation";
    public const string Evaluations = "/access/v1/evaluations";
    public const string ActionSearch = "/access/v1/search/action";
    public const string AccessConfiguration = "/.well-known/authzen-configuration";
}
