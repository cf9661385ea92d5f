namespace IdentityProvider.Users;

/// <summary>Judges and hashes the password a person has chosen, outside of any transaction: hashing would hold its locks for long.</summary>
internal sealed class NewPasswords(PasswordHasher hasher, HashingQueue hashing)
{
    public async Task<NewPassword> HashAsync(string password, CancellationToken cancellationToken)
    {
        if (PasswordRules.ProblemOf(password) is { } problem)
        {
            return new NewPassword.Unacceptable(problem);
        }

        using var place = await hashing.EnterAsync(cancellationToken);
        return place is null ? new NewPassword.Busy() : new NewPassword.Hashed(hasher.Hash(password));
    }
}

/// <summary>The outcome of hashing a chosen password.</summary>
internal abstract record NewPassword
{
    private NewPassword()
    {
    }

    public sealed record Hashed(string Hash) : NewPassword;

    /// <param name="Problem">What is wrong with it, in a sentence for the person.</param>
    public sealed record Unacceptable(string Problem) : NewPassword;

    public sealed record Busy : NewPassword;
}
