namespace IdentityProvider.Audit;

/// <summary>What to do about a refusal: one or two sentences for each rule, for the administrator who reads the record.</summary>
internal static class Advice
{
    private static readonly Dictionary<string, string> byRule = new(StringComparer.Ordinal)
    {
        ["redirect_uri.exact"] = "Register this redirect URI for the client, or correct it in the app. URIs are compared character by character: a slash at the end, http for https, a port or the case of a letter make another one.",
        ["redirect_uri.missing"] = "The app must send its redirect_uri.",
        ["redirect_uri.code"] = "The app must send to the token endpoint the same redirect_uri as to the authorization endpoint. Two environments of one app that share a configuration are the usual reason.",
        ["post_logout_redirect_uri.exact"] = "Register this address among the client's post_logout_redirect_uris, or correct it in the app.",
        ["client_id.unknown"] = "Check the client_id in the app's configuration, and that the app asks the server (production, staging) on which the client is registered.",
        ["client_id.missing"] = "The app must send its client_id.",
        ["client_id.two"] = "The app names one client in the form and authenticates as another; it must use one of the two throughout.",
        ["client.secret"] = "Check the secret in the app's configuration: an older secret, a secret of another client, and a line break at its end are the usual reasons. Many of these from addresses that are not the app's are somebody guessing.",
        ["client.method"] = "Change the app to the registered method, or the client's token_endpoint_auth_method to the app's.",
        ["client.two_methods"] = "The app must send its credentials once: in the Authorization header or in the form.",
        ["client.unauthenticated"] = "The app must authenticate, by the client's token_endpoint_auth_method.",
        ["client_secret.not_for_client"] = "The client is public: the app must send no secret. If it can keep one, register it with client_secret_basic and give it a secret.",
        ["client.endpoint"] = "Register the client for what this endpoint is for, or stop the app from using it.",
        ["grant_type.not_registered"] = "Add the grant type to the client's grant_types, if the client is to use it.",
        ["grant_type.unsupported"] = "This server has no such grant type: docs/protocols.md lists those it has.",
        ["response_type.not_registered"] = "Add the response type to the client's response_types, if the client is to use it; code with PKCE is the one to prefer.",
        ["response_type.unsupported"] = "Use response_type=code, or register the one the app uses where this server has it.",
        ["scope.unknown"] = "Declare the scope, or correct its name in the app.",
        ["scope.not_allowed"] = "Add the scope to the client's scope, if the client may have it.",
        ["scope.not_registered"] = "Add the scope to the client's scope, if the client may have it.",
        ["scope.not_granted"] = "A refresh can ask for less than was granted, never for more: the app must send the person through the authorization endpoint again.",
        ["scope.no_user"] = "The app must not ask for openid or offline_access with client_credentials: there is no user.",
        ["scope.openid_missing"] = "The app must ask for the scope openid to use userinfo.",
        ["resource.not_allowed"] = "Check the resource's identifier, and that one of the requested scopes lists it among its resources.",
        ["resource.not_granted"] = "The token endpoint gives out only resources that the authorization request asked for.",
        ["pkce.challenge_missing"] = "The app must use PKCE (RFC 7636) with S256; every maintained OAuth library can.",
        ["pkce.challenge_length"] = "The code_challenge is the base64url of a SHA-256, without padding: 43 characters.",
        ["pkce.method"] = "The app must use code_challenge_method=S256.",
        ["pkce.method_missing"] = "The app must send code_challenge_method=S256; without it the method would be plain.",
        ["pkce.verifier"] = "The app lost or mixed up its code_verifier: two sign-ins at once in one browser, or a session that several servers of the app do not share. From addresses that are not the app's it may be a stolen code.",
        ["pkce.verifier_missing"] = "The app must send the code_verifier that belongs to the code_challenge of its authorization request.",
        ["code.unknown"] = "The code is not one of this server, or is older than a day. Check that the app asks the server that issued it.",
        ["code.expired"] = "A code lives 60 seconds. The app took longer, or its clock and network stood still; it must start again.",
        ["code.used"] = "The app sent the same code twice, as a page that is loaded again does. What was issued from it has ended. From an address that is not the app's it may be a stolen code: look at AuditEvents.",
        ["code.other_client"] = "The app exchanges a code that another client asked for: two apps on one redirect URI, or one app with two configurations. It may also be a stolen code.",
        ["refresh_token.unknown"] = "The token is not one of this server, or expired long ago. The person must sign in again.",
        ["refresh_token.expired"] = "The person must sign in again. Lifetimes: IdentityProvider:Tokens.",
        ["refresh_token.used"] = "The app kept an old refresh token although it got a new one, or two of its processes refresh at once without sharing the answer. Everything of the grant has ended; AuditEvents has a RefreshTokenReused.",
        ["refresh_token.other_client"] = "A refresh token belongs to the client it was issued to. Check which client the app authenticates as.",
        ["access_token.missing"] = "The app must send the access token in the Authorization header: Bearer, a space, the token.",
        ["token.unknown"] = "The token is not an access token of this server, or was altered on the way.",
        ["token.expired"] = "The app must refresh its access token when it expires.",
        ["token.revoked"] = "The grant or the token was revoked: the person signed out, was disabled, or somebody revoked it.",
        ["token.in_query"] = "The app must send the token in the Authorization header: addresses end in logs.",
        ["token.type"] = "The app sends another token than this endpoint takes, most often an id_token in the place of an access token.",
        ["token.signature"] = "The token was altered, or signed by another server that uses the same key name.",
        ["token.key"] = "The token comes from another server, or from this one before its keys were replaced.",
        ["token.other_client"] = "The token was issued to another client than the one that asks.",
        ["introspection.not_for_client"] = "An API may introspect tokens for its own resource only. Add the client to the resource's clients, or check that the app asks for a scope of this API.",
        ["user.signed_out"] = "The person signed out or the session expired. Without offline_access a grant ends with its session.",
        ["user.disabled"] = "The account was disabled or removed.",
        ["pending_request.expired"] = "A sign-in page was left open for more than a day, opened in another browser, or kept as a bookmark. The person must start again at the app; the app's start page is what to bookmark.",
        ["cross_origin.origin"] = "Scripts may call this server from the origins of registered redirect URIs only. Register a redirect URI on this origin for the app, or call from the app's server.",
        ["parameter.repeated"] = "The app must send each parameter once (RFC 6749 §3.1). A proxy or a library that adds its own is the usual reason.",
        ["request.unreadable"] = "The request was too large or no well-formed form. Endpoints take application/x-www-form-urlencoded, not JSON.",
        ["header.invalid"] = "Endpoints take application/x-www-form-urlencoded, not JSON; credentials in the Authorization header are Basic, with id and secret form-encoded first (RFC 6749 §2.3.1).",
        ["http.method"] = "Check the HTTP method that the app uses for this endpoint.",
        ["request.too_long"] = "An authorization request has at most 16,384 characters. A state that holds a whole page's data belongs into the app's session.",
        ["max_age.number"] = "max_age is a number of seconds.",
    };

    private static readonly Dictionary<string, string> byError = new(StringComparer.Ordinal)
    {
        ["login_required"] = "Nobody is signed in at this browser, and the app asked with prompt=none: it must send the person here without that. Where it happens to people who are signed in, their browser keeps back the cookie in an iframe.",
        ["consent_required"] = "The person has not consented yet, and the app asked with prompt=none: it must send the person here without that, or the client is one of the house and can be registered as first_party.",
        ["interaction_required"] = "The person must answer something, and the app asked with prompt=none: it must send them here without that.",
        ["access_denied"] = "The person pressed Cancel, or declined. Nothing to do.",
        ["invalid_client"] = "Check how the app authenticates and what is registered for the client.",
        ["invalid_scope"] = "Check the scopes that the app asks for and those the client has.",
        ["invalid_grant"] = "The person must sign in again; if it happens to everybody, compare the app's configuration with the client's registration.",
        ["unauthorized_client"] = "Compare what the app does with the grant types and response types of the client's registration.",
        ["server_error"] = "A fault of this server's: look for the trace id in its log.",
    };

    public static string For(string rule, string error) =>
        byRule.TryGetValue(rule, out var advice) || byError.TryGetValue(error, out advice)
            ? advice
            : rule.Split('.') switch
            {
                [var parameter, "missing"] => $"The app must send {parameter}.",
                [var parameter, "unsupported"] => $"This server does not have what the app asks for with {parameter}; docs/protocols.md lists what it has.",
                [var parameter, ..] when rule.EndsWith(".unexpected", StringComparison.Ordinal) => $"The app must not send {parameter} here.",
                _ => "Compare the request with the client's registration and with the description above.",
            };
}
