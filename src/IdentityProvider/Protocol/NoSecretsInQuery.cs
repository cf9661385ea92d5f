using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Http;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace IdentityProvider.Protocol;

/// <summary>
/// A token or a secret in an address ends in logs and histories: userinfo takes none in the query (RFC 9700 §4.3.2),
/// introspection is by POST only (RFC 7662 §2.1).
/// </summary>
internal static class NoSecretsInQuery
{
    // After the library read the request, before it looks at anything in it.
    private const int Order = int.MaxValue - 150_000;

    public static OpenIddictServerHandlerDescriptor UserInfo { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ExtractUserInfoRequestContext>()
            .UseInlineHandler(static context =>
            {
                if (context.Transaction.GetHttpRequest()!.Query.ContainsKey(Parameters.AccessToken))
                {
                    context.Reject(Errors.InvalidRequest, LibraryRefusals.TokenInQuery);
                }

                return ValueTask.CompletedTask;
            })
            .SetOrder(Order)
            .Build();

    public static OpenIddictServerHandlerDescriptor Introspection { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ExtractIntrospectionRequestContext>()
            .UseInlineHandler(static context =>
            {
                if (!HttpMethods.IsPost(context.Transaction.GetHttpRequest()!.Method))
                {
                    context.Reject(Errors.InvalidRequest, LibraryRefusals.IntrospectionByPost);
                }

                return ValueTask.CompletedTask;
            })
            .SetOrder(Order)
            .Build();
}
