using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace IdentityProvider.Protocol;

/// <summary>An <c>error_uri</c> would send the client's developer to pages of a library that they do not use.</summary>
internal static class WithoutErrorUri
{
    /// <summary>Errors found by validation.</summary>
    public static OpenIddictServerHandlerDescriptor InErrors { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ProcessErrorContext>()
            .UseInlineHandler(static context =>
            {
                context.Response.ErrorUri = null;
                return ValueTask.CompletedTask;
            })
            .SetOrder(OpenIddictServerHandlers.AttachErrorParameters.Descriptor.Order + 250)
            .Build();

    /// <summary>Errors that our own pages decided on.</summary>
    public static OpenIddictServerHandlerDescriptor InChallenges { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ProcessChallengeContext>()
            .UseInlineHandler(static context =>
            {
                context.Response.ErrorUri = null;
                return ValueTask.CompletedTask;
            })
            .SetOrder(OpenIddictServerHandlers.AttachDefaultChallengeError.Descriptor.Order + 250)
            .Build();
}
