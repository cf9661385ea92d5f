namespace IdentityProvider.Sandbox.WebApp.Posts;

/// <summary>Something to do to a post.</summary>
/// <param name="Name">What a button sends.</param>
/// <param name="Label">What a button says.</param>
/// <param name="Needs">What the API calls it when it says what the person may do.</param>
/// <param name="Decides">Which of the four strategies decides, and how, in plain words.</param>
/// <param name="States">The states of a post in which it makes sense.</param>
internal sealed record PostAction(string Name, string Label, string Needs, string Decides, params IReadOnlyList<string> States)
{
    private const string Role = "By role: editors decide what is published.";
    private const string Permission = "By permission: whoever has posts.delete may.";
    private const string Ownership = "By ownership: a post is changed by whoever wrote it.";

    public static PostAction Edit { get; } = new("edit", "Edit", "edit", Ownership, "draft", "scheduled", "published", "withdrawn");

    public static IReadOnlyList<PostAction> All { get; } =
    [
        new("publish", "Publish", "publish", Role, "draft", "scheduled"),
        new("schedule", "Schedule for tomorrow", "publish", Role, "draft"),
        new("unpublish", "Take offline", "publish", Role, "published", "scheduled"),
        Edit,
        new("withdraw", "Withdraw", "withdraw", Ownership, "draft", "scheduled"),
        new("delete", "Delete", "delete", Permission, "draft", "scheduled", "published", "withdrawn"),
    ];

    public static PostAction? Find(string? name) => All.FirstOrDefault(action => action.Name == name);

    public static IEnumerable<PostAction> For(DeskPost post) => All.Where(action => action.States.Contains(post.State));

    public bool IsAllowed(DeskPost post) => post.May.Contains(Needs);

    /// <param name="id">The post.</param>
    /// <param name="form">What the person wrote, where something is written.</param>
    /// <param name="now">The time.</param>
    public ApiCall Call(int id, IFormCollection form, DateTimeOffset now) => Name switch
    {
        "publish" => new(HttpMethod.Put, $"/posts/{id}/publication"),
        "schedule" => new(HttpMethod.Put, $"/posts/{id}/publication", new { at = now.AddDays(1) }),
        "unpublish" => new(HttpMethod.Delete, $"/posts/{id}/publication"),
        "edit" => new(HttpMethod.Put, $"/posts/{id}", Draft(form)),
        "withdraw" => new(HttpMethod.Put, $"/posts/{id}/withdrawal"),
        _ => new(HttpMethod.Delete, $"/posts/{id}"),
    };

    public static object Draft(IFormCollection form) =>
        new { title = form["title"].ToString(), text = form["text"].ToString(), byline = form["byline"].ToString() };
}
