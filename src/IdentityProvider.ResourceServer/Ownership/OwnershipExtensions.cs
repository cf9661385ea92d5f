using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.ResourceServer;

/// <summary>Ownership as a guard of a minimal API endpoint.</summary>
public static class OwnershipExtensions
{
    private static readonly object key = new();

    /// <summary>
    /// Loads a resource and lets its owner through: before the handler runs, after everything else that guards the endpoint.
    /// The handler gets what was loaded by <see cref="GetOwned{TResource}"/>.
    /// </summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="load">Finds the resource of the request; null when there is none, which is answered with 404.</param>
    /// <param name="orPermission">A permission that does as well as being the owner; null: none.</param>
    /// <param name="hideExistence">
    /// Whether others are told 404, just as if there were no such thing. Default: false, they are told 403.
    /// </param>
    /// <returns>The same endpoint.</returns>
    /// <remarks>To own something is the person's, a scope is what they let the client do: ask for both.</remarks>
    public static RouteHandlerBuilder RequireOwner<TResource>(
        this RouteHandlerBuilder endpoint, Func<HttpContext, ValueTask<TResource?>> load, string? orPermission = null, bool hideExistence = false)
        where TResource : class, IOwned
    {
        ArgumentNullException.ThrowIfNull(load);
        var requirement = orPermission is null ? Ownership.Required : Ownership.RequiredOr(orPermission);

        // Anonymous callers are stopped by the middleware, with a challenge: nothing is loaded for them.
        return endpoint.RequireAuthorization().AddEndpointFilter(async (context, next) =>
        {
            var http = context.HttpContext;
            if (await load(http) is not { } resource)
            {
                return NotFound();
            }

            var outcome = await http.RequestServices.GetRequiredService<IAuthorizationService>().AuthorizeAsync(http.User, resource, requirement);
            if (outcome.Succeeded)
            {
                http.Items[key] = resource;
                return await next(context);
            }

            if (outcome.Failure.FailureReasons.OfType<ProviderUnavailableReason>().Any())
            {
                await Refusal.AnswerUnavailableAsync(http);
                return Results.Empty;
            }

            if (outcome.Failure.FailureReasons.OfType<TokenInactiveReason>().Any())
            {
                await Refusal.AnswerInactiveAsync(http);
                return Results.Empty;
            }

            return hideExistence
                ? NotFound()
                : Refusal.Forbid("The caller does not own this.", orPermission is null ? null : [orPermission]);
        });
    }

    /// <summary>What <see cref="RequireOwner{TResource}"/> loaded.</summary>
    /// <param name="http">The request.</param>
    /// <returns>The resource, which the caller may use.</returns>
    /// <exception cref="InvalidOperationException">The endpoint has no such guard, or it loads something else.</exception>
    public static TResource GetOwned<TResource>(this HttpContext http)
        where TResource : class, IOwned
    {
        ArgumentNullException.ThrowIfNull(http);

        return http.Items.TryGetValue(key, out var value) && value is TResource resource
            ? resource
            : throw new InvalidOperationException($"This endpoint has no RequireOwner that loads a {typeof(TResource).Name}.");
    }

    private static IResult NotFound() => Results.Problem(statusCode: StatusCodes.Status404NotFound);
}
