using System.Security.Claims;
using IdentityProvider.ResourceServer;
using IdentityProvider.Sandbox.Api.Readers;
using Microsoft.AspNetCore.Authorization;

namespace IdentityProvider.Sandbox.Api.Posts;

/// <summary>A post as the API tells it.</summary>
/// <param name="May">What this caller may do to it: a hint for whoever draws buttons. The guards of the endpoints decide.</param>
internal sealed record PostAnswer(
    int Id, string Title, string Text, string Byline, string State, DateTimeOffset? PublishAt, bool IsYours, IReadOnlyList<string> May);

/// <summary>Whom the API takes the caller for.</summary>
internal sealed record CallerAnswer(
    string? Subject, IReadOnlyList<string> Roles, IReadOnlyList<string> Groups, IReadOnlyList<string> Permissions, string? Region);

/// <summary>Tells posts to a caller, and the caller what may be done to them.</summary>
internal sealed class PostAnswers(IAuthorizationService authorization, TimeProvider clock)
{
    public static CallerAnswer Of(ClaimsPrincipal caller) => new(
        caller.GetSubject(), Values(caller, "roles"), Values(caller, "groups"), Values(caller, "entitlements"), caller.FindFirstValue(ReaderExport.RegionClaim));

    public async Task<PostAnswer> OfAsync(ClaimsPrincipal caller, Post post)
    {
        var isOwner = (await authorization.AuthorizeAsync(caller, post, Ownership.Required)).Succeeded;
        return new PostAnswer(
            post.Id, post.Title, post.Text, post.Byline, post.StateAt(clock.GetUtcNow()), post.PublishAt, isOwner, [.. Allowed(caller, isOwner)]);
    }

    /// <summary>What is published is for all, everything else for its owner and the newsroom.</summary>
    public bool MayRead(ClaimsPrincipal caller, Post post) =>
        post.StateAt(clock.GetUtcNow()) == "published"
        || caller.GetSubject() == post.OwnerSubject
        || caller.HasPermission(PostEndpoints.ReadDrafts);

    private static IEnumerable<string> Allowed(ClaimsPrincipal caller, bool isOwner)
    {
        if (!caller.HasScope(PostEndpoints.WriteScope))
        {
            yield break;
        }

        if (caller.IsInRole(PostEndpoints.EditorRole))
        {
            yield return "publish";
        }

        if (isOwner)
        {
            yield return "edit";
            yield return "withdraw";
        }

        if (caller.HasPermission(PostEndpoints.Delete))
        {
            yield return "delete";
        }
    }

    private static List<string> Values(ClaimsPrincipal caller, string claim) => [.. caller.FindAll(claim).Select(value => value.Value)];
}
