using IdentityProvider.Sandbox;

return await new SandboxCommand().Root.Parse(args).InvokeAsync();
