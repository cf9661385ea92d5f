[assembly: AssemblyFixture(typeof(IdentityProvider.BrowserTests.Chromium))]
[assembly: AssemblyFixture(typeof(IdentityProvider.BrowserTests.SharedSandbox))]
