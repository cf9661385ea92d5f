namespace IdentityProvider.Configuration;

/// <summary>The program cannot start as it is configured. Each sentence names the setting or the state and the remedy.</summary>
internal sealed class StartRefusedException(IReadOnlyList<string> sentences) : InvalidOperationException(string.Join(Environment.NewLine, sentences))
{
    public StartRefusedException(string sentence)
        : this([sentence])
    {
    }

    public IReadOnlyList<string> Sentences { get; } = sentences;
}
