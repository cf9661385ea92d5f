using IdentityProvider.Protocol;

namespace IdentityProvider.Clients;

/// <summary>The members that a registration may have, and what each may hold. What they mean is <see cref="ClientMetadata"/>.</summary>
internal static class ClientMembers
{
    public static MemberTable Table { get; } = new(
        ("client_name", MemberKind.Text),
        ("client_uri", MemberKind.Text),
        ("logo_uri", MemberKind.Text),
        ("policy_uri", MemberKind.Text),
        ("tos_uri", MemberKind.Text),
        ("contacts", MemberKind.TextList),
        ("redirect_uris", MemberKind.TextList),
        ("post_logout_redirect_uris", MemberKind.TextList),
        ("grant_types", MemberKind.TextList),
        ("response_types", MemberKind.TextList),
        ("scope", MemberKind.Text),
        ("token_endpoint_auth_method", MemberKind.Text),
        ("application_type", MemberKind.Text),
        ("id_token_signed_response_alg", MemberKind.Text),
        ("jwks", MemberKind.Entry),
        ("first_party", MemberKind.Flag),
        ("require_pkce", MemberKind.Flag));
}
