using IdentityProvider.Data;
using IdentityProvider.Jobs;

namespace IdentityProvider.Hosting;

/// <summary>Gives memory back when a server that had something to do has nothing to do any more.</summary>
internal sealed class GiveBackSpareMemory(Statements statements) : RecurringJob
{
    private const long Megabyte = 1024 * 1024;

    private long allocatedBefore;
    private long residentBefore;

    public override string Name => "give-back-memory";

    public override TimeSpan Period => TimeSpan.FromSeconds(10);

    public override bool OneNodeAtATime => false;

    public override async Task RunAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var allocated = GC.GetTotalAllocatedBytes();
        var isQuiet = allocated - allocatedBefore < Megabyte;
        allocatedBefore = allocated;
        if (isQuiet && Environment.WorkingSet - residentBefore > Megabyte)
        {
            await statements.ReleaseMemoryAsync(cancellationToken);
            SpareMemory.GiveBack();
            residentBefore = Environment.WorkingSet;
        }
    }
}
