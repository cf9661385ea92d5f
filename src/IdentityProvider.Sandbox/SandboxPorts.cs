using IdentityProvider.Sandbox.Loopback;

namespace IdentityProvider.Sandbox;

/// <summary>The four ports, all taken before the first application starts.</summary>
internal sealed record SandboxPorts(LoopbackPort Provider, LoopbackPort WebApp, LoopbackPort Api, LoopbackPort Google) : IDisposable
{
    public SandboxAddresses Addresses => SandboxAddresses.From(Provider.Number, WebApp.Number, Api.Number, Google.Number);

    /// <exception cref="SandboxRefusedException">A port is taken.</exception>
    public static SandboxPorts Take(SandboxOptions options)
    {
        var taken = new List<LoopbackPort>();
        try
        {
            taken.Add(Take(options.ProviderPort, "the provider"));
            taken.Add(Take(options.WebAppPort, "the sample web app"));
            taken.Add(Take(options.ApiPort, "the sample API"));
            taken.Add(Take(options.GooglePort, "the stand-in for Google"));
            return new SandboxPorts(taken[0], taken[1], taken[2], taken[3]);
        }
        catch
        {
            taken.ForEach(port => port.Dispose());
            throw;
        }
    }

    public void Dispose()
    {
        Provider.Dispose();
        WebApp.Dispose();
        Api.Dispose();
        Google.Dispose();
    }

    private static LoopbackPort Take(int number, string application) =>
        LoopbackPort.TryTake(number) ?? throw new SandboxRefusedException(
            $"Port {number}, meant for {application}, is taken by another program: stop that program, or choose other ports, for example with --base-port 6080.");
}
