using System.Text.Json;
using System.Text.Json.Nodes;
using IdentityProvider.Protocol;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace IdentityProvider.Clients;

/// <summary>
/// What a client may do with other tokens (RFC 8693): the registration member <c>token_exchange</c>.
/// Without it, delegation only, of tokens that were issued to the client or made for it.
/// </summary>
/// <param name="Impersonation">Whether the client gets tokens in which nobody sees that it acts.</param>
/// <param name="Delegation">Whether it gets tokens that name an actor.</param>
/// <param name="SubjectTokenClients">Clients whose tokens it may exchange beside those.</param>
internal sealed record ClientTokenExchange(bool Impersonation, bool Delegation, IReadOnlyList<string> SubjectTokenClients)
{
    private static readonly MemberTable members = new(
        ("impersonation", MemberKind.Flag),
        ("delegation", MemberKind.Flag),
        ("subject_token_clients", MemberKind.TextList));

    /// <summary>Reads the member as registered.</summary>
    public static ClientTokenExchange From(JsonElement? member)
    {
        var entry = member is { ValueKind: JsonValueKind.Object } given ? JsonObject.Create(given)! : [];
        return new ClientTokenExchange(
            entry["impersonation"]?.GetValue<bool>() ?? false,
            entry["delegation"]?.GetValue<bool>() ?? true,
            entry["subject_token_clients"] is JsonArray clients ? [.. clients.Select(client => client!.GetValue<string>())] : []);
    }

    /// <summary>Everything wrong with the member.</summary>
    public static IEnumerable<MetadataProblem> Check(ClientMetadata metadata)
    {
        if (metadata.TokenExchange is not { ValueKind: JsonValueKind.Object } given)
        {
            return [];
        }

        var problems = members.Check(JsonObject.Create(given)!).Select(problem => problem.Under("token_exchange")).ToList();
        if (!metadata.GrantTypes.Contains(GrantTypes.TokenExchange))
        {
            problems.Add(new("token_exchange", $"This is for clients with the grant type {GrantTypes.TokenExchange}."));
        }

        if (problems.Count == 0)
        {
            var clients = From(given).SubjectTokenClients;
            problems.AddRange(
                from index in Enumerable.Range(0, clients.Count)
                where !ClientRules.CanBeIdentifier(clients[index])
                select new MetadataProblem($"token_exchange.subject_token_clients[{index}]", "This must be a client_id."));
        }

        return problems;
    }
}
