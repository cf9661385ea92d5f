[assembly: AssemblyFixture(typeof(IdentityProvider.Testing.SharedProviders))]
