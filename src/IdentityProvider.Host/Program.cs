return await IdentityProvider.Hosting.IdentityProviderProgram.RunAsync(args);
