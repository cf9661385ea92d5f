using IdentityProvider.Jobs;

namespace IdentityProvider.Hosting;

/// <summary>Gives memory back when a server that had something to do has nothing to do any more.</summary>
internal sealed class GiveBackSpareMemory : RecurringJob
{
    private const long Megabyte = 1024 * 1024;

    private long seen;
    private long givenBack;

    public override string Name => "give-back-memory";

    public override TimeSpan Period => TimeSpan.FromSeconds(10);

    public override bool OneNodeAtATime => false;

    public override Task RunAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var allocated = GC.GetTotalAllocatedBytes();
        var isQuiet = allocated - seen < Megabyte;
        seen = allocated;
        if (isQuiet && allocated - givenBack > 2 * Megabyte)
        {
            givenBack = allocated;
            SpareMemory.GiveBack();
        }

        return Task.CompletedTask;
    }
}
