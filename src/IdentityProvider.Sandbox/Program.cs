using System.Net;
using IdentityProvider.Sandbox;

// The four applications talk to each other over loopback addresses, where a company's proxy has nothing to do.
HttpClient.DefaultProxy = new WebProxy();

return await new SandboxCommand().Root.Parse(args).InvokeAsync();
