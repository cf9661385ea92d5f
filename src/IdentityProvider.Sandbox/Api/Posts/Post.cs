using IdentityProvider.ResourceServer;

namespace IdentityProvider.Sandbox.Api.Posts;

/// <summary>A post, which belongs to whoever wrote it.</summary>
/// <param name="Byline">What the author wants to be called. It says nothing about who owns the post.</param>
/// <param name="PublishAt">When an editor wants it to be read by all; null: not yet.</param>
/// <param name="IsWithdrawn">The author took it back.</param>
internal sealed record Post(int Id, string OwnerSubject, string Byline, string Title, string Text, DateTimeOffset? PublishAt, bool IsWithdrawn) : IOwned
{
    public string StateAt(DateTimeOffset now) => this switch
    {
        { IsWithdrawn: true } => "withdrawn",
        { PublishAt: null } => "draft",
        { PublishAt: { } at } when at > now => "scheduled",
        _ => "published",
    };
}

/// <summary>What an author sends.</summary>
internal sealed record Draft(string? Title, string? Text, string? Byline)
{
    /// <returns>What is wrong with it, by member; empty when nothing is.</returns>
    public Dictionary<string, string[]> Faults() =>
        new[] { Fault("title", Title, 120), Fault("text", Text, 10_000), Fault("byline", Byline, 80) }
            .OfType<(string Name, string Sentence)>()
            .ToDictionary(fault => fault.Name, fault => new[] { fault.Sentence });

    private static (string Name, string Sentence)? Fault(string name, string? value, int longest) =>
        string.IsNullOrWhiteSpace(value) ? (name, "It is missing.")
        : value.Length > longest ? (name, $"It is longer than {longest} characters.")
        : null;
}

/// <summary>What an editor sends.</summary>
/// <param name="At">When; null means now.</param>
internal sealed record Publication(DateTimeOffset? At);
