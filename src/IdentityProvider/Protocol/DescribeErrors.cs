using Microsoft.Extensions.DependencyInjection;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace IdentityProvider.Protocol;

/// <summary>
/// What a client's developer reads says what to change, in our words and in the characters that RFC 6749 §5.2 allows, at every endpoint.
/// What the rule is called goes with the transaction, for the record.
/// </summary>
internal static class DescribeErrors
{
    /// <summary>Before the library hides some errors from the client (RFC 7009 §2.2, RFC 7662 §2.2): the record tells of those too.</summary>
    public const int Order = int.MinValue + 50_000;

    private const string Rule = "IdentityProvider.LibraryRule";

    public static OpenIddictServerBuilder UseErrorDescriptions(this OpenIddictServerBuilder server) => server
        .Add(For<ApplyAuthorizationResponseContext>())
        .Add(For<ApplyPushedAuthorizationResponseContext>())
        .Add(For<ApplyTokenResponseContext>())
        .Add(For<ApplyUserInfoResponseContext>())
        .Add(For<ApplyIntrospectionResponseContext>())
        .Add(For<ApplyRevocationResponseContext>())
        .Add(For<ApplyEndSessionResponseContext>())
        .Add(For<ApplyDeviceAuthorizationResponseContext>())
        .Add(For<ApplyEndUserVerificationResponseContext>())
        .Add(For<ApplyConfigurationResponseContext>())
        .Add(For<ApplyJsonWebKeySetResponseContext>());

    /// <summary>The rule of the library's that refused, where one did.</summary>
    public static string? RuleOf(OpenIddictServerTransaction transaction) => transaction.GetProperty<string>(Rule);

    private static OpenIddictServerHandlerDescriptor For<TContext>() where TContext : BaseContext =>
        OpenIddictServerHandlerDescriptor.CreateBuilder<TContext>()
            .UseInlineHandler(static context =>
            {
                if (context.Transaction.Response is { Error: not null, ErrorDescription: { } description } response)
                {
                    if (LibraryRefusals.Find(description) is var (rule, plainly))
                    {
                        (rule, description) = NameTheToken(context.Transaction, rule, plainly);
                        context.Transaction.SetProperty(Rule, rule);
                    }

                    response.ErrorDescription = Legal(description);
                }

                return ValueTask.CompletedTask;
            })
            .SetOrder(Order)
            .Build();

    // At the token endpoint the library often says only "the token", whichever of those in the request it means.
    private static (string Rule, string Description) NameTheToken(OpenIddictServerTransaction transaction, string rule, string description)
    {
        if (transaction is not { EndpointType: OpenIddictServerEndpointType.Token, Request: { } request } || !rule.StartsWith("token.", StringComparison.Ordinal))
        {
            return (rule, description);
        }

        (string Name, string Words)? meant = request switch
        {
            { ClientAssertion.Length: > 0 } when !IsProved(transaction) => ("client_assertion", "client assertion"),
            _ when request.IsAuthorizationCodeGrantType() => ("code", "authorization code"),
            _ when request.IsRefreshTokenGrantType() => ("refresh_token", "refresh token"),
            _ when request.IsDeviceCodeGrantType() => ("device_code", "device code"),
            _ => null,
        };
        return meant is var (name, words)
            ? (name + rule["token".Length..], description.Replace("The token ", $"The {words} ", StringComparison.Ordinal))
            : (rule, description);
    }

    private static bool IsProved(OpenIddictServerTransaction transaction) =>
        transaction.Authentication()?.ClientAssertionPrincipal is not null;

    private static string Legal(string text) => string.Create(text.Length, text, static (target, source) =>
    {
        for (var i = 0; i < target.Length; i++)
        {
            target[i] = source[i] is >= '\x20' and <= '\x7e' and not ('"' or '\\') ? source[i] : '?';
        }
    });
}
