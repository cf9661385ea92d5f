using IdentityProvider.Data;
using IdentityProvider.Jobs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Sessions;

/// <summary>Writes when sessions were last used: each node what its own requests noted, each session at most once in a few minutes.</summary>
internal sealed class WriteLastSeen(SessionLife life) : RecurringJob
{
    private const int Batch = 100;

    public override string Name => "sessions.seen";

    public override TimeSpan Period { get; } = TimeSpan.FromSeconds(5);

    public override bool OneNodeAtATime => false;

    public override async Task RunAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var noted = life.Notes();
        if (noted.Count == 0)
        {
            return;
        }

        var db = services.GetRequiredService<AppDbContext>();
        foreach (var kind in noted.GroupBy(use => use.Persistent))
        {
            foreach (var batch in kind.Chunk(Batch))
            {
                await WriteAsync(db, batch, kind.Key, cancellationToken);
                foreach (var use in batch.Where(use => use.Superseded))
                {
                    await WriteHeadsAsync(db, use, cancellationToken);
                }

                life.Written(batch);
            }
        }
    }

    // Nobody else wrote it meanwhile: of several nodes that noted the same session one writes.
    private async Task WriteAsync(AppDbContext db, SessionUse[] uses, bool persistent, CancellationToken cancellationToken)
    {
        var sids = uses.Select(use => use.Sid).ToList();
        var seen = uses.Min(use => use.At);
        var due = seen - life.Granularity(persistent);
        await db.Set<Session>().Where(session => sids.Contains(session.Id) && session.EndedAt == null && session.LastSeenAt <= due)
            .ExecuteUpdateAsync(set => set.SetProperty(session => session.LastSeenAt, seen), cancellationToken);
    }

    private async Task WriteHeadsAsync(AppDbContext db, SessionUse use, CancellationToken cancellationToken)
    {
        // What is over stays over: a use of an earlier session must not wake it.
        foreach (var head in (await SessionChain.HeadsAsync(db, use.Sid, cancellationToken)).Where(head => !life.IsOver(head)))
        {
            await WriteAsync(db, [use with { Sid = head.Id }], head.Persistent, cancellationToken);
        }
    }
}
