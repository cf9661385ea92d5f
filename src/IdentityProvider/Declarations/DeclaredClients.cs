using System.Text.Json.Nodes;
using IdentityProvider.Clients;
using IdentityProvider.Data;
using IdentityProvider.Permissions;
using IdentityProvider.Protocol;
using IdentityProvider.Scopes;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Declarations;

/// <summary>The <c>clients</c> of a declaration file.</summary>
internal sealed class DeclaredClients(AppDbContext db, ClientRegistry registry)
{
    /// <summary>Reads from others what the clients need, before a transaction begins.</summary>
    public Task PrepareAsync(IReadOnlyList<Entry> entries, CancellationToken cancellationToken) =>
        registry.PrepareAsync([.. entries.Select(entry => new ClientDraft(entry.Key, entry.Members))], cancellationToken);

    /// <param name="folder">Where relative paths of secret files begin.</param>
    public async Task StageAsync(
        IReadOnlyList<Entry> entries, ScopeSet scopes, string folder, Progress progress, CancellationToken cancellationToken)
    {
        foreach (var entry in entries)
        {
            var problems = new List<MetadataProblem>();
            var secret = await TakeSecretAsync(entry, folder, problems, cancellationToken);
            if (await BecomesAdministrationsAsync(entry, cancellationToken))
            {
                MakeWhole(entry, secret, problems);
            }

            // A secret that could not be read is told as such, and not as missing too.
            var draft = new ClientDraft(entry.Key, entry.Members, problems.Count == 0 ? secret : ClientSecret.Generate());
            var change = await registry.StageAsync(draft, scopes, cancellationToken);
            if (change is ClientChange.Invalid invalid)
            {
                problems.AddRange(invalid.Problems);
            }

            progress.Refuse(entry, problems);
            switch (change)
            {
                case ClientChange.Created created:
                    progress.Created(DeclaredKind.Client, created.Client.Id);
                    break;
                case ClientChange.Updated updated:
                    progress.Changed(DeclaredKind.Client, updated.Client.Id);
                    break;
                case ClientChange.Unchanged unchanged:
                    progress.Unchanged(DeclaredKind.Client, unchanged.Client.Id);
                    break;
            }
        }
    }

    // Whether the entry gives a client that is there the scope of the administration. Until now others could change it over HTTP, or know its secret.
    private async Task<bool> BecomesAdministrationsAsync(Entry entry, CancellationToken cancellationToken) =>
        entry.Members["scope"] is JsonValue value && value.TryGetValue<string>(out var scope) && scope.Split(' ').Contains(AdministrationResource.Scope)
        && await db.Set<Client>().Where(client => client.ClientId == entry.Key).Select(client => client.Metadata).SingleOrDefaultAsync(cancellationToken) is { } stored
        && !ClientMetadata.FromJson(stored).ScopeNames.Contains(AdministrationResource.Scope);

    // It becomes what the file says and nothing else: an address or a secret that somebody left in it would be worth what the administrators are.
    private static void MakeWhole(Entry entry, string? secret, List<MetadataProblem> problems)
    {
        if (ClientMembers.Table.Check(entry.Members).Any())
        {
            // Told where it is staged.
            return;
        }

        ClientMembers.Complete(entry.Members);
        if (secret is null && ClientMetadata.FromJson(ClientColumns.Merge("{}", entry.Members)).UsesSecret && problems.Count == 0)
        {
            problems.Add(new("client_secret",
                "The client was there already without the scope administration, and others may know its secret: give it one here, by client_secret or client_secret_file."));
        }
    }

    /// <summary>Takes the secret out of an entry, and reads it where it lies in a file.</summary>
    /// <param name="folder">Where relative paths of secret files begin.</param>
    public static async Task<string?> TakeSecretAsync(
        Entry entry, string folder, List<MetadataProblem> problems, CancellationToken cancellationToken)
    {
        var secret = Text("client_secret");
        var file = Text("client_secret_file");
        if (file is null)
        {
            return secret;
        }

        if (secret is not null)
        {
            problems.Add(new("client_secret_file", "Give client_secret or client_secret_file, not both."));
            return null;
        }

        try
        {
            // Editors and shells end a file with a line break that nobody means to be part of the secret.
            return (await File.ReadAllTextAsync(Path.Combine(folder, file), cancellationToken)).TrimEnd('\r', '\n');
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            problems.Add(new("client_secret_file", $"The file {file} cannot be read."));
            return null;
        }

        string? Text(string member)
        {
            var value = entry.Take(member);
            if (value is null)
            {
                return null;
            }

            if (value is JsonValue text && text.TryGetValue<string>(out var result))
            {
                return result;
            }

            problems.Add(new(member, "This must be a string."));
            return null;
        }
    }
}
