using System.Security.Claims;
using IdentityProvider.Sandbox.WebApp.Pages.Posts;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Http.HttpResults;

namespace IdentityProvider.Sandbox.WebApp.Posts;

/// <summary>
/// The page of posts, and its buttons. None of them is held back here: each calls the API with the person's token, and the API decides.
/// </summary>
internal static class PostsEndpoints
{
    public const string Path = "/posts";
    public const string ReadersPath = "/readers";
    public const string TokensPath = "/posts/tokens";

    public static void MapPosts(this IEndpointRouteBuilder app)
    {
        var pages = app.MapGroup("").RequireAuthorization();
        pages.MapGet(Path, ShowAsync);
        pages.MapGet(Path + "/{id:int}/edit", EditAsync);
        pages.MapPost(Path, CreateAsync);
        pages.MapPost(Path + "/{id:int}", ActAsync);
        pages.MapPost(ReadersPath, ExportAsync);
        pages.MapPost(TokensPath, TryTokenAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, ClaimsPrincipal user, ApiSession api, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (await api.SendAsync(http, Desk.PostsCall, cancellationToken) is not { } posts)
        {
            return SignInAgain();
        }

        var regions = posts.Succeeded ? await api.SendAsync(http, Desk.RegionsCall, cancellationToken) : null;
        if (regions is not { Succeeded: true })
        {
            return Answer(http, user, regions ?? posts, ApiSession.PersonsToken);
        }

        return http.Page<PostsPage>(new()
        {
            [nameof(PostsPage.User)] = user,
            [nameof(PostsPage.Desk)] = Desk.Read(posts, regions),
            [nameof(PostsPage.Now)] = clock.GetUtcNow(),
        });
    }

    private static async Task<IResult> EditAsync(int id, HttpContext http, ClaimsPrincipal user, ApiSession api, CancellationToken cancellationToken)
    {
        if (await api.SendAsync(http, new ApiCall(HttpMethod.Get, $"/posts/{id}"), cancellationToken) is not { } post)
        {
            return SignInAgain();
        }

        return post.Succeeded
            ? http.Page<EditPost>(new() { [nameof(EditPost.User)] = user, [nameof(EditPost.Post)] = Desk.ReadPost(post) })
            : Answer(http, user, post, ApiSession.PersonsToken);
    }

    private static Task<IResult> CreateAsync(HttpContext http, ClaimsPrincipal user, IAntiforgery antiforgery, ApiSession api, CancellationToken cancellationToken) =>
        CallAsync(http, user, antiforgery, api, form => new ApiCall(HttpMethod.Post, "/posts", PostAction.Draft(form)), cancellationToken);

    private static Task<IResult> ActAsync(
        int id, HttpContext http, ClaimsPrincipal user, IAntiforgery antiforgery, ApiSession api, CancellationToken cancellationToken) =>
        CallAsync(http, user, antiforgery, api, form => PostAction.Find(form["do"])?.Call(id, form, api.Now), cancellationToken);

    private static Task<IResult> ExportAsync(HttpContext http, ClaimsPrincipal user, IAntiforgery antiforgery, ApiSession api, CancellationToken cancellationToken) =>
        CallAsync(http, user, antiforgery, api, form => new ApiCall(HttpMethod.Get, $"/readers/{Uri.EscapeDataString(form["region"].ToString())}"), cancellationToken);

    /// <summary>What the API says to a token that is none, or none for it.</summary>
    private static async Task<IResult> TryTokenAsync(
        HttpContext http, ClaimsPrincipal user, IAntiforgery antiforgery, ApiSession api, CancellationToken cancellationToken)
    {
        if (!await antiforgery.IsRequestValidAsync(http) || TokenTrial.Find((await http.Request.ReadFormAsync(cancellationToken))["token"]) is not { } trial)
        {
            return Results.BadRequest();
        }

        return await api.SendAsync(http, Desk.PostsCall, trial, cancellationToken) is { } answer ? Answer(http, user, answer, trial.Sent) : SignInAgain();
    }

    private static async Task<IResult> CallAsync(
        HttpContext http, ClaimsPrincipal user, IAntiforgery antiforgery, ApiSession api, Func<IFormCollection, ApiCall?> read, CancellationToken cancellationToken)
    {
        if (!await antiforgery.IsRequestValidAsync(http) || read(await http.Request.ReadFormAsync(cancellationToken)) is not { } call)
        {
            return Results.BadRequest();
        }

        return await api.SendAsync(http, call, cancellationToken) is { } answer ? Answer(http, user, answer, ApiSession.PersonsToken) : SignInAgain();
    }

    private static RazorComponentResult<AnswerPage> Answer(HttpContext http, ClaimsPrincipal user, ApiAnswer answer, string sent) => http.Page<AnswerPage>(new()
    {
        [nameof(AnswerPage.User)] = user,
        [nameof(AnswerPage.Answer)] = answer,
        [nameof(AnswerPage.Sent)] = sent,
    });

    private static IResult SignInAgain() =>
        Results.Challenge(new AuthenticationProperties { RedirectUri = Path }, [OpenIdConnectDefaults.AuthenticationScheme]);
}
