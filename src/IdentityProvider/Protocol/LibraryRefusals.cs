using System.Collections.Frozen;
using System.Globalization;
using System.Text.RegularExpressions;

namespace IdentityProvider.Protocol;

/// <summary>
/// The library's refusals, each with the stable name of its rule and, where the library's sentence does not tell a client's developer what to
/// change, with a sentence that does. A test holds every entry against the library's own texts, so that a new version that words them anew is noticed.
/// </summary>
internal static partial class LibraryRefusals
{
    public const string RedirectUriNotRegistered = "This redirect_uri is not registered for the client; it must be the same character by character.";
    public const string LogoutUriNotRegistered = "This post_logout_redirect_uri is not registered; it must be the same character by character.";

    public const string ParameterRepeated = "A parameter was sent more than once.";
    public const string TokenInQuery = "An access token must not be sent in the query; use the Authorization header.";
    public const string ResourceMalformed = "A resource must be an absolute URI without a fragment.";
    public const string IntrospectionByPost = "Introspection requests must be sent by POST.";

    // The key is the library's sentence with its quoted names taken out; {0} and {1} stand for them here too.
    // A sentence with a name in it is for that parameter alone and wins over the general one.
    private static readonly (string Sentence, string Rule, string? Plainly)[] entries =
    [
        ("The security token is missing.", "access_token.missing", "The request carries no access token."),
        ("The specified authorization code is invalid.", "code.unknown", "The authorization code is not known to this server."),
        ("The specified device code is invalid.", "device_code.unknown", "The device code is not known to this server."),
        ("The specified refresh token is invalid.", "refresh_token.unknown", "The refresh token is not known to this server."),
        ("The specified token is invalid.", "token.unknown", "The token is not known to this server, or was altered."),
        ("The specified token is not an authorization code.", "code.type", "What was sent as code is another kind of token."),
        ("The specified token is not an device code.", "device_code.type", "What was sent as device_code is another kind of token."),
        ("The specified token is not a refresh token.", "refresh_token.type", "What was sent as refresh_token is another kind of token."),
        ("The specified token is not an access token.", "token.type", "What was sent as an access token is another kind of token."),
        ("The specified identity token is invalid.", "id_token_hint.unknown", "The id_token_hint was not issued by this server, or was altered."),
        ("The specified authorization code has already been redeemed.", "code.used", "The authorization code has already been used."),
        ("The specified device code has already been redeemed.", "device_code.used", "The device code has already been used."),
        ("The specified refresh token has already been redeemed.", "refresh_token.used", "The refresh token has already been used."),
        ("The specified token has already been redeemed.", "token.used", "The token has already been used."),
        ("The authorization has not been granted yet by the end user.", "device_code.pending", "The user has not answered yet."),
        ("The authorization was denied by the end user.", "device_code.denied", "The user declined the request."),
        ("The specified authorization code is no longer valid.", "code.expired", "The authorization code has expired or was revoked."),
        ("The specified device code is no longer valid.", "device_code.expired", "The device code has expired or was revoked."),
        ("The specified refresh token is no longer valid.", "refresh_token.expired", "The refresh token has expired or was revoked."),
        ("The specified token is no longer valid.", "token.expired", "The token has expired or was revoked."),
        ("The authorization associated with the authorization code is no longer valid.", "code.grant_ended", "The grant of this authorization code has ended."),
        ("The authorization associated with the device code is no longer valid.", "device_code.grant_ended", "The grant of this device code has ended."),
        ("The authorization associated with the refresh token is no longer valid.", "refresh_token.grant_ended", "The grant of this refresh token has ended."),
        ("The authorization associated with the token is no longer valid.", "token.grant_ended", "The grant of this token has ended."),
        ("The token request was rejected by the authentication server.", "token_request.refused", "The token request was refused."),
        ("The user information access demand was rejected by the authentication server.", "userinfo_request.refused", "The access token does not open userinfo."),
        ("The specified user code is no longer valid.", "user_code.expired", "The user code has expired or was used."),
        ("The client application is not allowed to use the device authorization flow.", "grant_type.not_registered", "The client is not registered for the device_code grant."),
        ("The '{0}' parameter is not supported.", "{0}.unsupported", "This server does not support the {0} parameter."),
        ("The mandatory '{0}' parameter is missing.", "{0}.missing", "The {0} parameter is missing."),
        ("The mandatory 'access_token' parameter is missing.", "access_token.missing", "The request carries no access token."),
        ("The '{0}' parameter must be a valid absolute URI.", "{0}.absolute", "The {0} parameter must be an absolute URI."),
        ("The '{0}' parameter must not include a fragment.", "{0}.fragment", "The {0} parameter must not have a fragment."),
        ("The specified '{0}' is not supported.", "{0}.unsupported", "This server does not support this value of the {0} parameter."),
        ("The specified '{0}'/'{1}' combination is invalid.", "{0}.combination", "The values of {0} and {1} do not go together."),
        ("The mandatory '{0}' scope is missing.", "scope.{0}_missing", "The scope {0} is missing."),
        ("The '{0}' scope is not allowed.", "scope.not_allowed", "The scope {0} means nothing with this response_type or grant_type."),
        ("The '{0}' parameter cannot be used without '{1}'.", "{0}.alone", "The {0} parameter needs the {1} parameter beside it."),
        ("The '{0}' and '{1}' parameters can only be used with a response type containing '{2}'.", "{0}.response_type", "The {0} and {1} parameters need a response_type with {2} in it."),
        ("The specified '{0}' is not allowed when using PKCE.", "{0}.pkce", "This value of {0} cannot be used together with PKCE."),
        ("The specified '{0}' is not valid for this client application.", "{0}.not_registered", "The client is not registered for this value of {0}."),
        ("The specified 'redirect_uri' is not valid for this client application.", "redirect_uri.exact", RedirectUriNotRegistered),
        ("This client application is not allowed to use the authorization endpoint.", "client.endpoint", "The client is not registered for any response_type."),
        ("The client application is not allowed to use the authorization code flow.", "response_type.not_registered", "The client is not registered for response_type code."),
        ("The client application is not allowed to use the implicit flow.", "response_type.not_registered", "The client is not registered for the implicit flow."),
        ("The client application is not allowed to use the hybrid flow.", "response_type.not_registered", "The client is not registered for the hybrid flow."),
        ("This client application is not allowed to use the specified scope.", "scope.not_registered", "A requested scope is not among those this client may ask for."),
        ("The specified '{0}' is invalid.", "{0}.invalid", "The value of the {0} parameter is not valid."),
        ("The specified 'client_id' is invalid.", "client_id.unknown", "No client is registered under this client_id."),
        ("The specified 'code_verifier' is invalid.", "pkce.verifier", "The code_verifier does not belong to the code_challenge of the authorization request."),
        ("The specified 'post_logout_redirect_uri' is invalid.", "post_logout_redirect_uri.exact", LogoutUriNotRegistered),
        ("The '{0}' parameter is not valid for this client application.", "{0}.not_for_client", "This client must not send the {0} parameter: it is registered to authenticate without."),
        ("The '{0}' parameter required for this client application is missing.", "{0}.missing", "This client must send the {0} parameter."),
        ("The mandatory 'code_challenge' parameter is missing.", "pkce.challenge_missing", "PKCE is required: the code_challenge parameter is missing."),
        ("The 'code_challenge' parameter required for this client application is missing.", "pkce.challenge_missing", "PKCE is required: the code_challenge parameter is missing."),
        ("The specified 'code_challenge_method' is not supported.", "pkce.method", "The code_challenge_method must be S256."),
        ("The 'code_challenge_method' parameter cannot be used without 'code_challenge'.", "pkce.challenge_missing", "PKCE is required: the code_challenge parameter is missing."),
        ("The 'code_challenge' parameter cannot be used without 'code_challenge_method'.", "pkce.method_missing", "The code_challenge_method parameter is missing; it must be S256."),
        ("The specified client credentials are invalid.", "client.secret", "The client_secret is not the one this client has."),
        ("This client application is not allowed to use the device authorization endpoint.", "client.endpoint", "The client is not registered for the device_code grant."),
        ("The '{0}' or '{1}' parameter must be specified when using the client credentials grant.", "client.unauthenticated", "The client must authenticate to use the client_credentials grant."),
        ("The '{0}' parameter is required when using the device code grant.", "{0}.missing", "The device_code grant needs the {0} parameter."),
        ("The mandatory '{0}' and/or '{1}' parameters are missing.", "{0}.missing", "The {0} or the {1} parameter is missing."),
        ("This client application is not allowed to use the token endpoint.", "client.endpoint", "The client is not registered for any grant_type."),
        ("This client application is not allowed to use the specified grant type.", "grant_type.not_registered", "The client is not registered for this grant_type."),
        ("The client application is not allowed to use the '{0}' scope.", "scope.not_registered", "The client is not registered for the grant that the scope {0} needs."),
        ("The specified authorization code cannot be used without sending a client identifier.", "client_id.missing", "The client_id parameter is missing."),
        ("The specified device code cannot be used without sending a client identifier.", "client_id.missing", "The client_id parameter is missing."),
        ("The specified refresh token cannot be used without sending a client identifier.", "client_id.missing", "The client_id parameter is missing."),
        ("The specified authorization code cannot be used by this client application.", "code.other_client", "The authorization code was issued to another client."),
        ("The specified device code cannot be used by this client application.", "device_code.other_client", "The device code was issued to another client."),
        ("The specified refresh token cannot be used by this client application.", "refresh_token.other_client", "The refresh token was issued to another client."),
        ("The specified '{0}' parameter doesn't match the client redirection URI the authorization code was initially sent to.", "redirect_uri.code", "The {0} is not the one of the authorization request."),
        ("The '{0}' parameter cannot be used when no '{1}' was specified in the authorization request.", "{0}.unexpected", "The {0} parameter is sent although the authorization request had no {1}."),
        ("The '{0}' parameter is not valid in this context.", "{0}.unexpected", "The {0} parameter means nothing in this request."),
        ("This client application is not allowed to use the introspection endpoint.", "client.endpoint", "The client may not introspect tokens: it has no secret or key."),
        ("The specified token cannot be introspected.", "token.type", "Tokens of this type cannot be introspected."),
        ("The client application is not allowed to introspect the specified token.", "token.other_client", "The client may not introspect this token."),
        ("This client application is not allowed to use the revocation endpoint.", "client.endpoint", "The client may not revoke tokens."),
        ("This token cannot be revoked.", "token.type", "Tokens of this type cannot be revoked."),
        ("The client application is not allowed to revoke the specified token.", "token.other_client", "The token was not issued to this client."),
        ("The mandatory '{0}' header is missing.", "header.missing", "The {0} header is missing."),
        ("The specified '{0}' header is invalid.", "header.invalid", "The {0} header is not what this endpoint takes."),
        ("This server only accepts HTTPS requests.", "http.plain", "This server answers on https only."),
        ("The specified HTTP method is not valid.", "http.method", "This endpoint does not answer this HTTP method."),
        ("Multiple client credentials cannot be specified.", "client.two_methods", "The client authenticated in more than one way in one request."),
        ("The issuer associated to the specified token is not valid.", "token.issuer", "The token was issued by another server."),
        ("The specified token is not of the expected type.", "token.type", "The token is of another type than is needed here."),
        ("The signing key associated to the specified token was not found.", "token.key", "The token is signed with a key that this server does not have."),
        ("The signature associated to the specified token is not valid.", "token.signature", "The signature of the token is not right."),
        ("The specified token doesn't contain any audience.", "token.audience", "The token has no audience."),
        ("The specified token doesn't contain any valid audience, which may indicate that it was issued to be used with another application.", "token.audience", "The token is for another audience."),
        ("This client application is not allowed to use the end session endpoint.", "post_logout_redirect_uri.exact", "The client has no post_logout_redirect_uri registered."),
        ("The client application is not allowed to use the specified identity token hint.", "id_token_hint.other_client", "The id_token_hint was issued to another client."),
        ("The specified '{0}' parameter is not suitable for the requested operation.", "{0}.unsuitable", "The value of the {0} parameter cannot be used here."),
        ("The '{0}' claim extracted from the specified client assertion is malformed or isn't of the expected type.", "client_assertion.claim", "The claim {0} of the client assertion is malformed."),
        ("The mandatory '{0}' claim cannot be found in the specified client assertion.", "client_assertion.claim", "The client assertion lacks the claim {0}."),
        ("The '{0}' claim returned in the specified client assertion doesn't match the expected value.", "client_assertion.claim", "The claim {0} of the client assertion has another value than this server expects."),
        ("The '{0}' client authentication method is not supported.", "client.method", "This server does not support the client authentication method {0}."),
        ("The '{0}' parameter must be attached as a regular OAuth 2.0 parameter when using a request object or pushed authorization requests.", "{0}.outside", "The {0} parameter must also be sent beside the request_uri."),
        ("The '{0}' parameter doesn't match the value specified in the request object or pushed authorization request.", "{0}.pushed", "The {0} parameter is not the one of the pushed request."),
        ("A '{0}' obtained from the pushed authorization request endpoint is required for this client application.", "request_uri.required", "This client must push its authorization requests: the {0} parameter is missing."),
        ("This client application is not allowed to use the pushed authorization request endpoint.", "client.endpoint", "The client is not registered for any response_type."),
        ("The specified token doesn't contain any presenter.", "token.other_client", "The token was issued to no client."),
        ("The specified token doesn't contain any valid presenter, which may indicate that it was issued to a different client.", "token.other_client", "The token was issued to another client."),
        ("The specified subject token cannot be used without sending a client identifier.", "client_id.missing", "The client_id parameter is missing."),
        ("The specified subject token cannot be used by this client application.", "subject_token.other_client", "This client may not exchange this subject_token."),
        ("The specified actor token cannot be used without sending a client identifier.", "client_id.missing", "The client_id parameter is missing."),
        ("The specified actor token cannot be used by this client application.", "actor_token.other_client", "This client may not use this actor_token."),
        ("One of the specified '{0}' parameters is invalid.", "{0}.invalid", "A value of the {0} parameter is not valid."),
        ("This client application is not allowed to use the specified audience(s).", "audience.not_allowed", "The client may not ask for this audience."),
        ("This client application is not allowed to use the specified resource(s).", "resource.not_allowed", "The client may not ask for this resource."),
        ("The '{0}' parameter is not allowed in authorization requests.", "{0}.unexpected", "The {0} parameter must not be part of an authorization request."),
        ("The '{0}' parameter is not allowed in pushed authorization requests.", "{0}.unexpected", "The {0} parameter must not be part of a pushed authorization request."),
        ("The '{0}' parameter is only allowed for OAuth 2.0 Token Exchange requests.", "{0}.unexpected", "The {0} parameter is for token exchange only."),
        ("Client authentication is required for this application.", "client.unauthenticated", "This client must authenticate, and did not."),
    ];

    /// <summary>Refusals of this folder, which lies below the records and cannot name its rules to them.</summary>
    private static readonly (string Sentence, string Rule)[] ours =
    [
        (ParameterRepeated, "parameter.repeated"),
        (TokenInQuery, "token.in_query"),
        (ResourceMalformed, "resource.malformed"),
        (IntrospectionByPost, "http.method"),
    ];

    private static readonly FrozenDictionary<string, (string Rule, string? Plainly)> bySentence = entries
        .Concat(ours.Select(entry => (entry.Sentence, entry.Rule, Plainly: (string?)null)))
        .ToFrozenDictionary(entry => entry.Sentence, entry => (entry.Rule, entry.Plainly), StringComparer.Ordinal);

    /// <summary>The library's sentences that are in the table, {0} and {1} in the place of names.</summary>
    public static IEnumerable<string> Sentences => entries.Select(entry => entry.Sentence);

    /// <summary>The name of the rule that the library's sentence stands for, and the sentence a client gets; null for a sentence of somebody else.</summary>
    public static (string Rule, string Description)? Find(string sentence)
    {
        var names = new List<string>(2);
        if (!bySentence.TryGetValue(sentence, out var entry))
        {
            var general = QuotedName().Replace(sentence, match =>
            {
                names.Add(match.Groups[1].Value);
                return string.Create(CultureInfo.InvariantCulture, $"'{{{names.Count - 1}}}'");
            });
            if (!bySentence.TryGetValue(general, out entry))
            {
                return null;
            }
        }

        return (Fill(entry.Rule, names), entry.Plainly is null ? sentence : Fill(entry.Plainly, names));
    }

    private static string Fill(string text, List<string> names)
    {
        for (var i = 0; i < names.Count; i++)
        {
            text = text.Replace(string.Create(CultureInfo.InvariantCulture, $"{{{i}}}"), names[i], StringComparison.Ordinal);
        }

        return text;
    }

    // Parameters, scopes, claims and headers: what the library puts between quotes is a name of the protocol's.
    [GeneratedRegex("'([A-Za-z_-]+)'")]
    private static partial Regex QuotedName();
}
