using System.Diagnostics.Metrics;
using IdentityProvider.Testing;
using IdentityProvider.Users;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.IntegrationTests.Users;

/// <summary>Counts the password hashes that one provider computes, as its operator's metrics do.</summary>
internal sealed class HashCounter : IDisposable
{
    private readonly MeterListener listener = new();
    private long count;

    public HashCounter(ProviderHost provider)
    {
        var meters = provider.Services.GetRequiredService<IMeterFactory>();
        listener.InstrumentPublished = (instrument, me) =>
        {
            if (instrument.Meter.Name == PasswordHasher.MeterName && instrument.Meter.Scope == meters)
            {
                me.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref count, value));
        listener.Start();
    }

    /// <summary>How many since the last look.</summary>
    public long Take() => Interlocked.Exchange(ref count, 0);

    public void Dispose() => listener.Dispose();
}
