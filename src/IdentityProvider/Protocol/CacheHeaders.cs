using Microsoft.AspNetCore;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace IdentityProvider.Protocol;

/// <summary>What may be kept and for how long.</summary>
internal static class CacheHeaders
{
    // Long enough to spare us, short enough that a client notices a rotation well before the new key signs: keys are published a day ahead.
    private const string Document = "public, max-age=3600";

    private const string Never = "no-store";

    public static OpenIddictServerHandlerDescriptor Metadata { get; } = For<ApplyConfigurationResponseContext>(Document);
    public static OpenIddictServerHandlerDescriptor Keys { get; } = For<ApplyJsonWebKeySetResponseContext>(Document);

    /// <summary>Personal data is not for caches.</summary>
    public static OpenIddictServerHandlerDescriptor UserInfo { get; } = For<ApplyUserInfoResponseContext>(Never);

    /// <summary>Whether a token is active is true only now.</summary>
    public static OpenIddictServerHandlerDescriptor Introspection { get; } = For<ApplyIntrospectionResponseContext>(Never);

    private static OpenIddictServerHandlerDescriptor For<TContext>(string value) where TContext : BaseRequestContext =>
        OpenIddictServerHandlerDescriptor.CreateBuilder<TContext>()
            .UseInlineHandler(context =>
            {
                var failed = !string.IsNullOrEmpty(context.Transaction.Response?.Error);
                context.Transaction.GetHttpRequest()!.HttpContext.Response.Headers.CacheControl = failed ? Never : value;
                return ValueTask.CompletedTask;
            })
            .SetOrder(100_500)
            .Build();
}
