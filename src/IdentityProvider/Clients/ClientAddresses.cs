using System.Collections.Frozen;
using IdentityProvider.Data;

namespace IdentityProvider.Clients;

/// <summary>Which client owns which address, over all clients: what a request that names only an address is answered from.</summary>
internal sealed class ClientAddresses
{
    public ClientAddresses(IReadOnlyCollection<Row> rows)
    {
        ByRedirectUri = Index(rows, row => row.RedirectUris);
        ByPostLogoutRedirectUri = Index(rows, row => row.PostLogoutRedirectUris);
        RedirectOrigins = ClientOrigins.Of(ByRedirectUri.Keys).ToFrozenSet(StringComparer.Ordinal);
    }

    public FrozenDictionary<string, string[]> ByRedirectUri { get; }

    public FrozenDictionary<string, string[]> ByPostLogoutRedirectUri { get; }

    public FrozenSet<string> RedirectOrigins { get; }

    private static FrozenDictionary<string, string[]> Index(IEnumerable<Row> rows, Func<Row, string?> addresses) => rows
        .SelectMany(row => TextList.Read(addresses(row)), (row, address) => (row.ClientId, Address: address))
        .GroupBy(pair => pair.Address, pair => pair.ClientId, StringComparer.Ordinal)
        .ToFrozenDictionary(group => group.Key, group => group.Distinct().ToArray(), StringComparer.Ordinal);

    /// <summary>The columns this needs, as the library stores them: JSON arrays.</summary>
    internal sealed record Row(string ClientId, string? RedirectUris, string? PostLogoutRedirectUris);
}
