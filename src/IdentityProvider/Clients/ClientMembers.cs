using System.Text.Json.Nodes;
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
        ("backchannel_logout_uri", MemberKind.Text),
        ("backchannel_logout_session_required", MemberKind.Flag),
        ("frontchannel_logout_uri", MemberKind.Text),
        ("frontchannel_logout_session_required", MemberKind.Flag),
        ("session_management", MemberKind.Flag),
        ("grant_types", MemberKind.TextList),
        ("response_types", MemberKind.TextList),
        ("scope", MemberKind.Text),
        ("token_endpoint_auth_method", MemberKind.Text),
        ("application_type", MemberKind.Text),
        ("id_token_signed_response_alg", MemberKind.Text),
        ("userinfo_signed_response_alg", MemberKind.Text),
        ("introspection_signed_response_alg", MemberKind.Text),
        ("token_endpoint_auth_signing_alg", MemberKind.Text),
        ("subject_type", MemberKind.Text),
        ("sector_identifier_uri", MemberKind.Text),
        ("default_max_age", MemberKind.Number),
        ("require_auth_time", MemberKind.Flag),
        ("default_acr_values", MemberKind.TextList),
        ("require_pushed_authorization_requests", MemberKind.Flag),
        ("jwks", MemberKind.Entry),
        ("jwks_uri", MemberKind.Text),
        ("client_assertion_audience", MemberKind.Text),
        ("token_exchange", MemberKind.Entry),
        ("first_party", MemberKind.Flag),
        ("require_pkce", MemberKind.Flag));

    /// <summary>Makes the members the whole registration: one that is not among them is to have its default, whatever is stored of it.</summary>
    public static void Complete(JsonObject members)
    {
        foreach (var name in Table.Names.Where(name => !members.ContainsKey(name)))
        {
            members[name] = null;
        }
    }
}
