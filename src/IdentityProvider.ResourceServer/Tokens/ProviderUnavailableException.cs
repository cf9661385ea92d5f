namespace IdentityProvider.ResourceServer;

/// <summary>Whether a token is good cannot be told now, because the identity provider does not say. Answered with 503.</summary>
internal sealed class ProviderUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
