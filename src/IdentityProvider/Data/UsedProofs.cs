using System.Security.Cryptography;
using System.Text;

namespace IdentityProvider.Data;

/// <summary>The proofs that were used, on whichever node.</summary>
internal sealed class UsedProofs(Statements statements)
{
    // One command: of several at once, exactly one inserts.
    private static readonly Statement use = new(
        """INSERT INTO "UsedProofs" ("Hash", "ExpiresAt") VALUES (@hash, @expires) ON CONFLICT ("Hash") DO NOTHING""",
        "@hash", "@expires");

    /// <summary>The kind of a client assertion (RFC 7523).</summary>
    public const string ClientAssertion = "client_assertion";

    /// <summary>Uses a proof up. Call it when everything else about the proof was found good: a stranger must not use up other people's.</summary>
    /// <param name="kind">One of the constants here, so that two kinds of proof never meet.</param>
    /// <param name="expiresAt">From when on the proof is refused for its age.</param>
    /// <returns>False when it was used before.</returns>
    public async Task<bool> UseAsync(string kind, string clientId, string jti, DateTime expiresAt, CancellationToken cancellationToken)
    {
        // A client_id has no control characters, so the three parts cannot run into each other. The hash also bounds what a client can make us keep.
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}\n{clientId}\n{jti}"));
        return await statements.ExecuteAsync(use, cancellationToken, hash, expiresAt) == 1;
    }
}
