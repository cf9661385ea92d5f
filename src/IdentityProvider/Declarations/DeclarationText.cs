namespace IdentityProvider.Declarations;

/// <summary>A declaration file as it was read.</summary>
/// <param name="Text">What stands in it.</param>
/// <param name="Folder">Where relative paths in it begin.</param>
internal sealed record DeclarationText(string Text, string Folder)
{
    /// <returns>Null where the file cannot be read.</returns>
    public static async Task<DeclarationText?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return new DeclarationText(await File.ReadAllTextAsync(path, cancellationToken), Path.GetDirectoryName(Path.GetFullPath(path))!);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
