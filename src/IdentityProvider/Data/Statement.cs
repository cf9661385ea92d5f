namespace IdentityProvider.Data;

/// <summary>
/// One command of those few that token requests consist of, kept prepared on each connection. Both databases are given the same text:
/// quoted names, and parameters by name.
/// </summary>
/// <param name="text">The SQL.</param>
/// <param name="parameters">The names of its parameters, in the order in which values are given.</param>
internal sealed class Statement(string text, params string[] parameters)
{
    public string Text { get; } = text;

    public IReadOnlyList<string> Parameters { get; } = parameters;
}
