using IdentityProvider.Protocol;
using Microsoft.AspNetCore;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.Audit;

/// <summary>Leaves the administrator a record of why a protocol request was refused, whichever rule of whichever endpoint it was.</summary>
internal sealed class RecordRefusals(DecisionLog decisions)
{
    /// <summary>After <see cref="DescribeErrors"/> and whoever explains, before errors of introspection and revocation are hidden from the client.</summary>
    public const int Order = int.MinValue + 70_000;

    /// <summary>Where a capability says what differed when a rule of the library's refused (<see cref="DescribeErrors.RuleOf"/>).</summary>
    public const int Explaining = int.MinValue + 60_000;

    public static OpenIddictServerHandlerDescriptor KnowClient { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ProcessAuthenticationContext>()
            .UseInlineHandler(static context =>
            {
                // Whoever gets here past the library's look-up, which not every endpoint has, is a client.
                if (context.ClientId is { Length: > 0 } clientId && LooksUpClient(context.EndpointType))
                {
                    Decision.KnowsClient(context, clientId);
                }

                return ValueTask.CompletedTask;
            })
            .SetOrder(ValidateClientId.Descriptor.Order + 250)
            .Build();

    /// <param name="order">Another moment than <see cref="Order"/>.</param>
    public static OpenIddictServerHandlerDescriptor At<TContext>(int order = Order) where TContext : BaseContext =>
        OpenIddictServerHandlerDescriptor.CreateBuilder<TContext>()
            .UseSingletonHandler<AtEndpoint<TContext>>()
            .SetOrder(order)
            .Build();

    private static bool LooksUpClient(OpenIddictServerEndpointType endpoint) => endpoint is OpenIddictServerEndpointType.Authorization
        or OpenIddictServerEndpointType.PushedAuthorization or OpenIddictServerEndpointType.Token or OpenIddictServerEndpointType.DeviceAuthorization
        or OpenIddictServerEndpointType.Introspection or OpenIddictServerEndpointType.Revocation;

    private void Record(OpenIddictServerTransaction transaction)
    {
        if (transaction.Response is { Error: { } error } response && transaction.GetHttpRequest()?.HttpContext is { } http)
        {
            decisions.Record(http, Word(transaction.EndpointType), error, response.ErrorDescription, DescribeErrors.RuleOf(transaction), transaction.Request);
        }
    }

    private static string Word(OpenIddictServerEndpointType endpoint) => endpoint switch
    {
        OpenIddictServerEndpointType.Authorization => "authorization",
        OpenIddictServerEndpointType.PushedAuthorization => "pushed_authorization",
        OpenIddictServerEndpointType.Token => "token",
        OpenIddictServerEndpointType.UserInfo => "userinfo",
        OpenIddictServerEndpointType.Introspection => "introspection",
        OpenIddictServerEndpointType.Revocation => "revocation",
        OpenIddictServerEndpointType.EndSession => "end_session",
        OpenIddictServerEndpointType.DeviceAuthorization => "device_authorization",
        OpenIddictServerEndpointType.EndUserVerification => "device_verification",
        OpenIddictServerEndpointType.Configuration or OpenIddictServerEndpointType.JsonWebKeySet => "metadata",
        _ => "other",
    };

    internal sealed class AtEndpoint<TContext>(RecordRefusals refusals) : IOpenIddictServerHandler<TContext> where TContext : BaseContext
    {
        public ValueTask HandleAsync(TContext context)
        {
            refusals.Record(context.Transaction);
            return ValueTask.CompletedTask;
        }
    }
}
