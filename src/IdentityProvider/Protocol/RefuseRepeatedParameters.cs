using Microsoft.AspNetCore;
using OpenIddict.Server;

using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace IdentityProvider.Protocol;

/// <summary>
/// RFC 6749 §3.1 and §3.2: a parameter must not be included more than once. The library treats a repeated one as absent,
/// which would issue a code without the scope or lose the state.
/// </summary>
internal static class RefuseRepeatedParameters
{
    // RFC 8707 §2 and RFC 8693 §2.1 allow these to be repeated.
    private static bool MayRepeat(string name) => name is Parameters.Resource or Parameters.Audience;

    // Right after the library read the request and before anything looks at it.
    private const int Order = int.MaxValue - 200_000;

    public static OpenIddictServerHandlerDescriptor Authorization { get; } = For<ExtractAuthorizationRequestContext>();
    public static OpenIddictServerHandlerDescriptor PushedAuthorization { get; } = For<ExtractPushedAuthorizationRequestContext>();
    public static OpenIddictServerHandlerDescriptor Token { get; } = For<ExtractTokenRequestContext>();
    public static OpenIddictServerHandlerDescriptor Introspection { get; } = For<ExtractIntrospectionRequestContext>();
    public static OpenIddictServerHandlerDescriptor Revocation { get; } = For<ExtractRevocationRequestContext>();
    public static OpenIddictServerHandlerDescriptor DeviceAuthorization { get; } = For<ExtractDeviceAuthorizationRequestContext>();
    public static OpenIddictServerHandlerDescriptor EndSession { get; } = For<ExtractEndSessionRequestContext>();

    private static OpenIddictServerHandlerDescriptor For<TContext>() where TContext : BaseValidatingContext =>
        OpenIddictServerHandlerDescriptor.CreateBuilder<TContext>()
            .UseInlineHandler(HandleAsync)
            .SetOrder(Order)
            .Build();

    private static async ValueTask HandleAsync<TContext>(TContext context) where TContext : BaseValidatingContext
    {
        var request = context.Transaction.GetHttpRequest()!;
        var repeated = Repeated(request.Query);
        if (repeated is null && request.HasFormContentType)
        {
            repeated = Repeated(await request.ReadFormAsync(context.CancellationToken));
        }

        if (repeated is not null)
        {
            // Only names we know are echoed: the name is the sender's own text otherwise.
            context.Reject(Errors.InvalidRequest, LibraryRefusals.ParameterRepeated);
        }
    }

    private static string? Repeated(IEnumerable<KeyValuePair<string, Microsoft.Extensions.Primitives.StringValues>> parameters)
    {
        foreach (var (name, values) in parameters)
        {
            if (values.Count > 1 && !MayRepeat(name))
            {
                return name;
            }
        }

        return null;
    }
}
