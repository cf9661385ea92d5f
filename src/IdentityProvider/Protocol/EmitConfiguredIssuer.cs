using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.Protocol;

/// <summary>
/// The issuer is a string that clients compare byte for byte (OpenID Connect Discovery §4.3, RFC 9207 §2.4).
/// The library holds it as a <see cref="Uri"/>, which puts a slash behind a root issuer; the configured string goes out instead.
/// </summary>
internal sealed class EmitConfiguredIssuer(Issuer issuer) :
    IOpenIddictServerHandler<GenerateTokenContext>,
    IOpenIddictServerHandler<ApplyConfigurationResponseContext>,
    IOpenIddictServerHandler<ApplyAuthorizationResponseContext>,
    IOpenIddictServerHandler<ApplyIntrospectionResponseContext>
{
    public static OpenIddictServerHandlerDescriptor InTokens { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<GenerateTokenContext>()
            .UseSingletonHandler<EmitConfiguredIssuer>()
            .SetOrder(Protection.AttachTokenMetadata.Descriptor.Order + 250)
            .Build();

    public static OpenIddictServerHandlerDescriptor InMetadata { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ApplyConfigurationResponseContext>()
            .UseSingletonHandler<EmitConfiguredIssuer>()
            .SetOrder(0)
            .Build();

    public static OpenIddictServerHandlerDescriptor InAuthorizationResponse { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ApplyAuthorizationResponseContext>()
            .UseSingletonHandler<EmitConfiguredIssuer>()
            .SetOrder(Authentication.AttachIssuer.Descriptor.Order + 250)
            .Build();

    public static OpenIddictServerHandlerDescriptor InIntrospection { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ApplyIntrospectionResponseContext>()
            .UseSingletonHandler<EmitConfiguredIssuer>()
            .SetOrder(0)
            .Build();

    public ValueTask HandleAsync(GenerateTokenContext context)
    {
        if (context.SecurityTokenDescriptor.Issuer is not null)
        {
            context.SecurityTokenDescriptor.Issuer = issuer.Value;
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask HandleAsync(ApplyConfigurationResponseContext context)
    {
        Overwrite(context.Response, Metadata.Issuer);
        return ValueTask.CompletedTask;
    }

    public ValueTask HandleAsync(ApplyAuthorizationResponseContext context)
    {
        Overwrite(context.Response, Parameters.Iss);
        return ValueTask.CompletedTask;
    }

    public ValueTask HandleAsync(ApplyIntrospectionResponseContext context)
    {
        Overwrite(context.Response, ClaimNames.Issuer);
        return ValueTask.CompletedTask;
    }

    private void Overwrite(OpenIddict.Abstractions.OpenIddictResponse response, string member)
    {
        if (response.HasParameter(member))
        {
            response.SetParameter(member, issuer.Value);
        }
    }
}
