namespace IdentityProvider.Protocol;

/// <summary>What is wrong with something that was to be registered or declared.</summary>
/// <param name="Path">The JSON path of the member, relative to the entry: <c>redirect_uris[0]</c>.</param>
/// <param name="Sentence">What is wrong and what would be right, in one sentence. Never a secret.</param>
internal sealed record MetadataProblem(string Path, string Sentence)
{
    /// <summary>The same problem seen from further out.</summary>
    public MetadataProblem Under(string parent) =>
        this with { Path = Path.Length == 0 ? parent : Path[0] == '[' ? parent + Path : $"{parent}.{Path}" };

    public override string ToString() => Path.Length == 0 ? Sentence : $"{Path}: {Sentence}";
}
