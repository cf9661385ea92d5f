using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlerFilters;
using static OpenIddict.Server.OpenIddictServerHandlers.Protection;

namespace IdentityProvider.Protocol;

/// <summary>
/// Two handlers of the library that put together what a JSON Web Token is written from, only for JSON Web Tokens: the library calls them for codes and
/// refresh tokens too, of which nothing is written that way.
/// </summary>
internal static class ForJsonWebTokens
{
    public static OpenIddictServerHandlerDescriptor SubjectBuiltIn => AttachTokenSubject.Descriptor;

    public static OpenIddictServerHandlerDescriptor Subject { get; } = Only<AttachTokenSubject>(SubjectBuiltIn);

    public static OpenIddictServerHandlerDescriptor MetadataBuiltIn => AttachTokenMetadata.Descriptor;

    public static OpenIddictServerHandlerDescriptor Metadata { get; } = Only<AttachTokenMetadata>(MetadataBuiltIn);

    private static OpenIddictServerHandlerDescriptor Only<THandler>(OpenIddictServerHandlerDescriptor builtIn)
        where THandler : class, IOpenIddictServerHandler<GenerateTokenContext>, new() =>
        OpenIddictServerHandlerDescriptor.CreateBuilder<GenerateTokenContext>()
            .AddFilter<RequireJsonWebTokenFormat>()
            .UseSingletonHandler<BuiltIn<THandler>>()
            .SetOrder(builtIn.Order)
            .Build();

    // The library removes handlers by their type: one of the same type would go with the one it replaces.
    private sealed class BuiltIn<THandler> : IOpenIddictServerHandler<GenerateTokenContext>
        where THandler : class, IOpenIddictServerHandler<GenerateTokenContext>, new()
    {
        private readonly THandler handler = new();

        public ValueTask HandleAsync(GenerateTokenContext context) => handler.HandleAsync(context);
    }
}
