using System.Text.Json;

namespace IdentityProvider.Sandbox.WebApp.Posts;

/// <summary>Whom the API takes the person for.</summary>
public sealed record DeskCaller(
    string? Subject, IReadOnlyList<string> Roles, IReadOnlyList<string> Groups, IReadOnlyList<string> Permissions, string? Region);

/// <summary>A post, and what the API says the person may do to it.</summary>
public sealed record DeskPost(
    int Id, string Title, string Text, string Byline, string State, DateTimeOffset? PublishAt, bool IsYours, IReadOnlyList<string> May);

/// <summary>The readers of a region.</summary>
public sealed record DeskRegion(string Region, int Count, IReadOnlyList<string> May);

/// <summary>What the page of posts is made of: two answers of the API, read.</summary>
public sealed record Desk(DeskCaller Caller, IReadOnlyList<DeskPost> Posts, IReadOnlyList<DeskRegion> Regions)
{
    internal static ApiCall PostsCall { get; } = new(HttpMethod.Get, "/posts");

    internal static ApiCall RegionsCall { get; } = new(HttpMethod.Get, "/readers");

    internal static Desk Read(ApiAnswer posts, ApiAnswer regions)
    {
        var desk = JsonSerializer.Deserialize<PostsAnswer>(posts.Body, JsonSerializerOptions.Web)!;
        return new Desk(desk.Caller, desk.Posts, JsonSerializer.Deserialize<RegionsAnswer>(regions.Body, JsonSerializerOptions.Web)!.Regions);
    }

    internal static DeskPost ReadPost(ApiAnswer post) => JsonSerializer.Deserialize<DeskPost>(post.Body, JsonSerializerOptions.Web)!;

    private sealed record PostsAnswer(DeskCaller Caller, IReadOnlyList<DeskPost> Posts);

    private sealed record RegionsAnswer(IReadOnlyList<DeskRegion> Regions);
}
