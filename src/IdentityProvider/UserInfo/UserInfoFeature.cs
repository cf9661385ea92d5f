using IdentityProvider.Protocol;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.UserInfo;

/// <summary>
/// The userinfo endpoint (OpenID Connect Core §5.3). Endpoint: /connect/userinfo.
/// Answers from the person's row, never from the token: what a token says about a person is as old as the token.
/// </summary>
internal static class UserInfoFeature
{
    public static OpenIddictServerBuilder UseUserInfo(this OpenIddictServerBuilder server) => server
        .RemoveEventHandler(OpenIddict.Server.OpenIddictServerHandlers.UserInfo.AttachAudiences.Descriptor)
        .Replace(OpenIddict.Server.OpenIddictServerHandlers.UserInfo.AttachClaims.Descriptor, AttachUserClaims.Descriptor)
        .Add(SignUserInfo.Descriptor)      // OpenID Connect Core §5.3.2
        .Add(RefuseAsIdToken.Descriptor);  // RFC 8725 §2.8
}
