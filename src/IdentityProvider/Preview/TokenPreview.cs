namespace IdentityProvider.Preview;

/// <summary>
/// What a person would get at a client, found out by the same code that issues it, up to where it would be signed or stored: nobody is signed in, no row
/// is written but the record of who looked, and nothing that comes out is a token.
/// </summary>
internal sealed class TokenPreview
{
    /// <param name="by">Who looks, for the record.</param>
    public Task<PreviewedTokens> PreviewAsync(PreviewRequest request, string by, CancellationToken cancellationToken) => throw new NotSupportedException(request.ClientId + by + cancellationToken);
}
