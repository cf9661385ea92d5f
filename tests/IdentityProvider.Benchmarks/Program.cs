using IdentityProvider.Benchmarks;
using IdentityProvider.Benchmarks.Reference;

switch (args)
{
    case [FormServer.Mode]:
        await FormServer.RunAsync();
        return 0;
    case [ReferenceServer.Mode]:
        await ReferenceServer.RunAsync();
        return 0;
    default:
        return await new BenchmarkCommand().Root.Parse(args).InvokeAsync();
}
