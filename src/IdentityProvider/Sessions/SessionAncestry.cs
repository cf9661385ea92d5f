namespace IdentityProvider.Sessions;

/// <summary>A session and those before it that it took over from: what was granted in them goes on, and they end together.</summary>
internal static class SessionAncestry
{
    /// <summary>The session, then the one it continues, and so on.</summary>
    /// <param name="known">Sessions of the same person that have not ended; what is not among them ends the chain.</param>
    public static IReadOnlyList<string> Of(string sid, IReadOnlyDictionary<string, Session> known)
    {
        List<string> chain = [];
        for (var at = sid; at is not null && !chain.Contains(at); at = known.GetValueOrDefault(at)?.Continues)
        {
            chain.Add(at);
        }

        return chain;
    }
}
