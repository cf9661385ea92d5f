using System.Globalization;
using System.Security.Claims;
using IdentityProvider.ResourceServer;

namespace IdentityProvider.Sandbox.Api.Posts;

/// <summary>Posts, guarded by a role, by permissions and by ownership; and always by a scope, which is what the person let the app do.</summary>
internal static class PostEndpoints
{
    public const string ReadScope = "posts.read";
    public const string WriteScope = "posts.write";
    public const string EditorRole = "editor";
    public const string Create = "posts.create";
    public const string ReadDrafts = "posts.read-drafts";
    public const string Delete = "posts.delete";

    public static void MapPosts(this IEndpointRouteBuilder api)
    {
        api.MapGet("/posts", ListAsync).RequireScope(ReadScope);
        api.MapGet("/posts/{id:int}", ReadAsync).RequireScope(ReadScope);

        // By role: what is published, and when, is decided by whoever the provider says is an editor.
        api.MapPut("/posts/{id:int}/publication", PublishAsync).RequireScope(WriteScope).RequireRole(EditorRole);
        api.MapDelete("/posts/{id:int}/publication", UnpublishAsync).RequireScope(WriteScope).RequireRole(EditorRole);

        // By permission: which roles bring it, to people or machines, is not this API's business.
        api.MapPost("/posts", CreateAsync).RequireScope(WriteScope).RequirePermission(Create);
        api.MapDelete("/posts/{id:int}", DeletePost).RequireScope(WriteScope).RequirePermission(Delete);

        // By ownership: the post is loaded first, and its owner is compared with the token's subject.
        api.MapPut("/posts/{id:int}", EditAsync).RequireScope(WriteScope).RequireOwner(Load);
        api.MapPut("/posts/{id:int}/withdrawal", WithdrawAsync).RequireScope(WriteScope).RequireOwner(Load);
    }

    private static async Task<IResult> ListAsync(ClaimsPrincipal caller, PostStore posts, PostAnswers answers)
    {
        var told = new List<PostAnswer>();
        foreach (var post in posts.All().Where(post => answers.MayRead(caller, post)))
        {
            told.Add(await answers.OfAsync(caller, post));
        }

        return Results.Ok(new { Caller = PostAnswers.Of(caller), Posts = told });
    }

    private static async Task<IResult> ReadAsync(int id, ClaimsPrincipal caller, PostStore posts, PostAnswers answers) =>
        posts.Find(id) is { } post && answers.MayRead(caller, post) ? Results.Ok(await answers.OfAsync(caller, post)) : NotFound();

    private static async Task<IResult> CreateAsync(Draft draft, ClaimsPrincipal caller, PostStore posts, PostAnswers answers)
    {
        if (draft.Faults() is { Count: > 0 } faults)
        {
            return Results.ValidationProblem(faults);
        }

        // Without a subject nobody would own it.
        if (caller.GetSubject() is not { } owner)
        {
            return Results.Problem("A post belongs to somebody.", statusCode: StatusCodes.Status403Forbidden);
        }

        var post = posts.Add(owner, draft);
        return Results.Created($"/posts/{post.Id}", await answers.OfAsync(caller, post));
    }

    private static async Task<IResult> PublishAsync(
        int id, Publication? publication, ClaimsPrincipal caller, PostStore posts, PostAnswers answers, TimeProvider clock)
    {
        if (publication?.At <= clock.GetUtcNow())
        {
            return Results.ValidationProblem(new Dictionary<string, string[]> { ["at"] = ["It is over."] });
        }

        return posts.Publish(id, publication?.At) is { } post
            ? Results.Ok(await answers.OfAsync(caller, post))
            : NotAsItIs(posts.Find(id), "It is published already, or its author withdrew it.");
    }

    private static async Task<IResult> UnpublishAsync(int id, ClaimsPrincipal caller, PostStore posts, PostAnswers answers) =>
        posts.Unpublish(id) is { } post
            ? Results.Ok(await answers.OfAsync(caller, post))
            : NotAsItIs(posts.Find(id), "It is neither published nor scheduled.");

    private static IResult DeletePost(int id, PostStore posts) => posts.Delete(id) ? Results.NoContent() : NotFound();

    private static async Task<IResult> EditAsync(Draft draft, HttpContext http, PostStore posts, PostAnswers answers)
    {
        if (draft.Faults() is { Count: > 0 } faults)
        {
            return Results.ValidationProblem(faults);
        }

        return posts.Edit(http.GetOwned<Post>().Id, draft) is { } post ? Results.Ok(await answers.OfAsync(http.User, post)) : NotFound();
    }

    private static async Task<IResult> WithdrawAsync(HttpContext http, PostStore posts, PostAnswers answers) =>
        posts.Withdraw(http.GetOwned<Post>().Id) is { } post
            ? Results.Ok(await answers.OfAsync(http.User, post))
            : NotAsItIs(http.GetOwned<Post>(), "It is published, or withdrawn already.");

    private static ValueTask<Post?> Load(HttpContext http) => new(
        http.RequestServices.GetRequiredService<PostStore>().Find(int.Parse((string)http.GetRouteValue("id")!, CultureInfo.InvariantCulture)));

    private static IResult NotAsItIs(Post? post, string why) =>
        post is null ? NotFound() : Results.Problem(why, statusCode: StatusCodes.Status409Conflict);

    private static IResult NotFound() => Results.Problem(statusCode: StatusCodes.Status404NotFound);
}
