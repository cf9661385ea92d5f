namespace IdentityProvider.Sandbox;

/// <summary>Serves one file that travels inside the assembly.</summary>
internal static class EmbeddedAsset
{
    public static void MapEmbedded(this IEndpointRouteBuilder app, string path, string resource, string contentType) =>
        app.MapGet(path, () => Results.Stream(
            typeof(EmbeddedAsset).Assembly.GetManifestResourceStream(resource)
                ?? throw new InvalidOperationException($"The asset {resource} is not embedded."),
            contentType));
}
