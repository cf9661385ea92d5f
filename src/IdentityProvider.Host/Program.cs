using IdentityProvider.Hosting;

var builder = WebApplication.CreateBuilder(args).AddIdentityProvider();
await builder.Build().UseIdentityProvider().RunAsync();
