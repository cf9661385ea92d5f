using IdentityProvider.Data;
using IdentityProvider.Jobs;

namespace IdentityProvider.Users;

/// <summary>Removes links that nobody used in time.</summary>
internal sealed class PrunePasswordResets : PruningJob
{
    private static readonly OutdatedRows expired = new("PasswordResets", key: "UserId", time: "ExpiresAt");

    public override string Name => "password-resets.prune";

    protected override IEnumerable<Outdated> OutdatedAt(DateTime now) => [new(expired, now)];
}
