using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.Protocol;

/// <summary>
/// Which endpoint a request is for, from a table: the library compares the address with that of one endpoint after the other. As there, letters count as
/// equal in either case, and a slash at the end is as good as none.
/// </summary>
internal sealed class EndpointOfRequest : IOpenIddictServerHandler<ProcessRequestContext>
{
    private Table? current;

    public static OpenIddictServerHandlerDescriptor BuiltIn => InferEndpointType.Descriptor;

    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ProcessRequestContext>()
            .UseSingletonHandler<EndpointOfRequest>()
            .SetOrder(BuiltIn.Order)
            .Build();

    public ValueTask HandleAsync(ProcessRequestContext context)
    {
        if (context is { RequestUri: { IsAbsoluteUri: true } address, BaseUri: { IsAbsoluteUri: true } server })
        {
            // The options are built again when a key rotates.
            var table = Volatile.Read(ref current);
            if (table?.Options != context.Options)
            {
                table = new Table(context.Options, server);
                Volatile.Write(ref current, table);
            }

            context.EndpointType = table.Find(address);
        }

        return ValueTask.CompletedTask;
    }

    private sealed class Table
    {
        private readonly Dictionary<string, (Uri Address, OpenIddictServerEndpointType Type)> endpoints = new(StringComparer.OrdinalIgnoreCase);

        private readonly Uri server;

        /// <param name="server">The issuer's address, as every request has it (<see cref="PublicAddress"/>).</param>
        public Table(OpenIddictServerOptions options, Uri server)
        {
            this.server = server;
            Options = options;
            Add(options.AuthorizationEndpointUris, OpenIddictServerEndpointType.Authorization);
            Add(options.ConfigurationEndpointUris, OpenIddictServerEndpointType.Configuration);
            Add(options.DeviceAuthorizationEndpointUris, OpenIddictServerEndpointType.DeviceAuthorization);
            Add(options.EndSessionEndpointUris, OpenIddictServerEndpointType.EndSession);
            Add(options.EndUserVerificationEndpointUris, OpenIddictServerEndpointType.EndUserVerification);
            Add(options.IntrospectionEndpointUris, OpenIddictServerEndpointType.Introspection);
            Add(options.JsonWebKeySetEndpointUris, OpenIddictServerEndpointType.JsonWebKeySet);
            Add(options.PushedAuthorizationEndpointUris, OpenIddictServerEndpointType.PushedAuthorization);
            Add(options.RevocationEndpointUris, OpenIddictServerEndpointType.Revocation);
            Add(options.TokenEndpointUris, OpenIddictServerEndpointType.Token);
            Add(options.UserInfoEndpointUris, OpenIddictServerEndpointType.UserInfo);
        }

        public OpenIddictServerOptions Options { get; }

        public OpenIddictServerEndpointType Find(Uri address) =>
            endpoints.TryGetValue(WithoutSlash(address.AbsolutePath), out var found) && IsSameServer(found.Address, address)
                ? found.Type
                : OpenIddictServerEndpointType.Unknown;

        private void Add(List<Uri> addresses, OpenIddictServerEndpointType type)
        {
            foreach (var address in addresses)
            {
                var absolute = address.IsAbsoluteUri ? address : new Uri(server, server.AbsolutePath.TrimEnd('/') + "/" + address.OriginalString);
                endpoints.TryAdd(WithoutSlash(absolute.AbsolutePath), (absolute, type));
            }
        }

        private static string WithoutSlash(string path) => path.EndsWith('/') ? path[..^1] : path;

        private static bool IsSameServer(Uri endpoint, Uri address) =>
            endpoint.Port == address.Port && endpoint.Scheme == address.Scheme && string.Equals(endpoint.Host, address.Host, StringComparison.OrdinalIgnoreCase);
    }
}
