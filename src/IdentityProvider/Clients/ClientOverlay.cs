using IdentityProvider.Data;
using IdentityProvider.Protocol;
using IdentityProvider.Scopes;

namespace IdentityProvider.Clients;

/// <summary>A draft laid over a client: what would be stored, and everything wrong with it but what others must be asked.</summary>
internal sealed record ClientOverlay
{
    private ClientOverlay(IReadOnlyList<MetadataProblem> problems) => Problems = problems;

    public IReadOnlyList<MetadataProblem> Problems { get; }

    /// <summary>Its members; the defaults where those of the draft cannot be read.</summary>
    public ClientMetadata Metadata { get; private init; } = new();

    private string Text { get; init; } = "{}";

    private string? Secret { get; init; }

    public static ClientOverlay Of(ClientDraft draft, Client client, ScopeSet scopes, bool isDevelopment)
    {
        var problems = ClientMembers.Table.Check(draft.Members).ToList();
        if (draft.Secret is not null)
        {
            problems.AddRange(ClientRules.CheckSecret(draft.Secret, isDevelopment));
        }

        if (problems.Count > 0)
        {
            // A value of the wrong kind cannot be read; what else is wrong shows when it is right.
            return new ClientOverlay(problems);
        }

        var text = ClientColumns.Merge(client.Metadata, draft.Members);
        var metadata = ClientMetadata.FromJson(text);
        // A client that gives up its secret need not be asked to say so twice.
        var secret = draft.Secret is not null ? ClientSecret.Hash(draft.Secret) : metadata.UsesSecret ? client.ClientSecret : null;
        problems.AddRange(ClientRules.Check(draft.ClientId, metadata, secret is not null, scopes, isDevelopment));
        return new ClientOverlay(problems) { Text = text, Metadata = metadata, Secret = secret };
    }

    public void WriteTo(Client client)
    {
        client.Metadata = Text;
        client.ClientSecret = Secret;
        ClientColumns.Derive(client, Metadata);
    }
}
