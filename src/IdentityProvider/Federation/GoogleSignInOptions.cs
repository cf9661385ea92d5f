using IdentityProvider.Configuration;
using Microsoft.AspNetCore.Authentication.Google;
using Microsoft.Extensions.Hosting;

namespace IdentityProvider.Federation;

/// <summary>The section <c>IdentityProvider:Google</c>. Without a client id and secret there is no Google button.</summary>
internal sealed class GoogleSignInOptions : ICheckedSettings
{
    public const string Section = ProviderOptions.Section + ":Google";

    /// <summary>The client id from Google's console. Register <c>{issuer}/signin-google</c> there as redirect URI.</summary>
    public string? ClientId { get; set; }

    public string? ClientSecret { get; set; }

    /// <summary>Where people are sent to sign in. Only a stand-in for Google needs another address than the default.</summary>
    public string AuthorizationEndpoint { get; set; } = GoogleDefaults.AuthorizationEndpoint;

    public string TokenEndpoint { get; set; } = GoogleDefaults.TokenEndpoint;

    public string UserInformationEndpoint { get; set; } = GoogleDefaults.UserInformationEndpoint;

    public bool IsConfigured => ClientId is not null && ClientSecret is not null;

    public IEnumerable<string> Problems(IHostEnvironment environment)
    {
        if (ClientId is null != ClientSecret is null)
        {
            yield return ClientId is null
                ? $"{Section}:ClientId is missing; set it beside {Section}:ClientSecret, or remove both."
                : $"{Section}:ClientSecret is missing; set it beside {Section}:ClientId, or remove both.";
        }

        foreach (var (name, value) in new[]
        {
            (nameof(AuthorizationEndpoint), AuthorizationEndpoint),
            (nameof(TokenEndpoint), TokenEndpoint),
            (nameof(UserInformationEndpoint), UserInformationEndpoint),
        })
        {
            if (!Uri.TryCreate(value, UriKind.Absolute, out var address)
                || address.Scheme != Uri.UriSchemeHttps && !(address.Scheme == Uri.UriSchemeHttp && address.IsLoopback))
            {
                yield return $"{Section}:{name} is \"{value}\"; use an absolute https address (http only on loopback).";
            }
        }
    }
}
