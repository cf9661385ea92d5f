namespace IdentityProvider.Sandbox.Google;

/// <summary>Decides whether an authorization request is one that a person may be asked about.</summary>
internal sealed class AuthorizationRequestReader(GoogleSettings settings)
{
    public AuthorizationReading Read(IQueryCollection query)
    {
        if (query["client_id"] != settings.ClientId)
        {
            return new AuthorizationReading.Unsafe(StatusCodes.Status401Unauthorized, "invalid_client", "The OAuth client was not found.");
        }

        if (query["redirect_uri"].ToString() is var redirectUri && !settings.RedirectUris.Contains(redirectUri, StringComparer.Ordinal))
        {
            return new AuthorizationReading.Unsafe(
                StatusCodes.Status400BadRequest, "redirect_uri_mismatch", $"The redirect URI in the request, {redirectUri}, is not registered.");
        }

        var request = new AuthorizationRequest(
            settings.ClientId,
            redirectUri,
            query["scope"].ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries),
            query["state"],
            query["nonce"],
            query["code_challenge"],
            query["login_hint"]);

        return Fault(query, request) is var (error, description)
            ? new AuthorizationReading.Refused(request.Refusal(error, description))
            : new AuthorizationReading.Good(request);
    }

    private static (string Error, string Description)? Fault(IQueryCollection query, AuthorizationRequest request)
    {
        if (query["response_type"] != "code")
        {
            return ("unsupported_response_type", "Only the response type code is supported.");
        }

        if (request.Scopes.Count == 0)
        {
            return ("invalid_scope", "At least one scope is needed.");
        }

        if (request.CodeChallenge is not null && query["code_challenge_method"] != "S256")
        {
            return ("invalid_request", "Only the code challenge method S256 is supported.");
        }

        // The stand-in remembers nobody, so it can never answer without asking.
        if (query["prompt"].ToString().Split(' ').Contains("none", StringComparer.Ordinal))
        {
            return ("interaction_required", "A person has to choose an account.");
        }

        return null;
    }
}
