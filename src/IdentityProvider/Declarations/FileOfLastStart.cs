using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using IdentityProvider.Audit;
using IdentityProvider.Data;
using IdentityProvider.Protocol;
using IdentityProvider.Users;
using Microsoft.Extensions.Hosting;

namespace IdentityProvider.Declarations;

/// <summary>
/// Remembers on which file the last start ended well. Where the same file is refused later nothing is wrong with it: something that was changed since
/// stands against it, and whoever may change that is no reason for a server to stay away.
/// </summary>
internal sealed class FileOfLastStart(Statements statements, AuditLog audit, IHostEnvironment environment)
{
    private static readonly Statement find = new("""SELECT "Row" FROM "DeclaredEntries" WHERE "Row" = @file AND "Kind" = 'File'""", "@file");

    private static readonly Statement forgetOthers = new("""DELETE FROM "DeclaredEntries" WHERE "Kind" = 'File' AND "Row" <> @file""", "@file");

    private static readonly Statement remember = new(
        """INSERT INTO "DeclaredEntries" ("Row", "Kind") VALUES (@file, 'File') ON CONFLICT ("Row") DO NOTHING""", "@file");

    /// <summary>
    /// So much of the digest of a file, of the secrets beside it, of this program and of its environment as a key has room for: another version may read
    /// the same file in another way, and outside Development more is asked. Null where its form is wrong or something of it cannot be read.
    /// </summary>
    public async Task<Guid?> ReadKeyAsync(string path, CancellationToken cancellationToken)
    {
        var errors = new List<string>();
        if (await DeclarationText.ReadAsync(path, cancellationToken) is not { } read
            || DeclarationParser.Parse(read.Text, errors) is not { } file || errors.Count > 0)
        {
            return null;
        }

        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        digest.AppendData(typeof(FileOfLastStart).Module.ModuleVersionId.ToByteArray());
        Append(environment.EnvironmentName);
        var problems = new List<MetadataProblem>();
        foreach (var client in file.Clients)
        {
            Append(await DeclaredClients.TakeSecretAsync(client, read.Folder, problems, cancellationToken) ?? "");
        }

        foreach (var user in file.Users)
        {
            // Of a password nothing is kept but what is made to be slow; but a wrong one is a mistake of the file.
            if (user.Take(UserMembers.Password) is { } password
                && !(password is JsonValue value && value.TryGetValue<string>(out var given) && GivenPasswords.ProblemOf(given) is null))
            {
                return null;
            }
        }

        foreach (var entry in new[] { file.Resources, file.Scopes, file.Clients, file.Roles, file.Users, file.Groups }.SelectMany(entries => entries))
        {
            Append(entry.Path);
            Append(entry.Key);
            Append(entry.Members.ToJsonString());
        }

        return problems.Count > 0 ? null : new Guid(digest.GetHashAndReset().AsSpan(0, 16));

        void Append(string part) => digest.AppendData(Encoding.UTF8.GetBytes(part + "\0"));
    }

    /// <summary>Tells the auditor that a start went on although its file is refused: nothing of what it would put right was.</summary>
    public Task RecordAsync(IEnumerable<string> errors, CancellationToken cancellationToken) => statements.WriteAsync(
        writer => audit.AddAsync(
            writer, AuditEventType.DeclarationsApplied, succeeded: false, reason: "A start went on without its file, which is refused: " + string.Join(' ', errors)),
        cancellationToken);

    public async Task<bool> IsAsync(Guid file, CancellationToken cancellationToken) =>
        (await statements.ReadAllAsync(find, static row => row.GetGuid(0), cancellationToken, file)).Count > 0;

    /// <param name="path">The file, of which the key was read before it was compared or applied: it may have changed in between.</param>
    /// <param name="file">That key.</param>
    public async Task RememberAsync(string path, Guid? file, CancellationToken cancellationToken)
    {
        if (file is { } key && !await IsAsync(key, cancellationToken) && await ReadKeyAsync(path, cancellationToken) == key)
        {
            await statements.WriteAsync(
                async writer =>
                {
                    await writer.ExecuteAsync(forgetOthers, key);
                    return await writer.ExecuteAsync(remember, key);
                },
                cancellationToken);
        }
    }
}
