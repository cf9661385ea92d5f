namespace IdentityProvider.Users;

/// <summary>Passwords that the operator gives to others, in plain or as a hash that another program made.</summary>
internal sealed class GivenPasswords(PasswordHasher hasher, HashingQueue hashing)
{
    /// <summary>What is wrong with one, as a sentence; null when nothing is.</summary>
    public static string? ProblemOf(string password) => !PasswordHasher.LooksLikeHash(password) ? PasswordRules.ProblemOf(password)
        : PasswordHasher.CanVerify(password) ? null
        : "This password hash is of a kind or a cost that cannot be verified here: use Argon2id (version 19, one lane, a 16-byte salt) or bcrypt.";

    /// <summary>What is stored of one that nothing is wrong with.</summary>
    public async Task<string> HashAsync(string password, CancellationToken cancellationToken)
    {
        if (PasswordHasher.LooksLikeHash(password))
        {
            return password;
        }

        using var place = await hashing.EnterInTurnAsync(cancellationToken);
        return hasher.Hash(password);
    }
}
