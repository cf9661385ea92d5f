using IdentityProvider.Data;
using IdentityProvider.Jobs;

namespace IdentityProvider.Sessions;

/// <summary>Removes sessions that ended a month ago. Until then an administrator can see them; a late grant of theirs is refused with or without the row.</summary>
internal sealed class PruneSessions : PruningJob
{
    private static readonly TimeSpan afterEnd = TimeSpan.FromDays(30);

    private static readonly OutdatedRows ended = new("Sessions", key: "Id", time: "EndedAt");

    public override string Name => "sessions.prune";

    protected override IEnumerable<Outdated> OutdatedAt(DateTime now) => [new(ended, now - afterEnd)];
}
