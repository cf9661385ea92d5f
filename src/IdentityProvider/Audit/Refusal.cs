namespace IdentityProvider.Audit;

/// <summary>One refusal, ready to be counted: every text is already what may be kept.</summary>
/// <param name="RemoteAddress">Null for answers that are given to very many people, such as <c>login_required</c>: those are counted for the client alone.</param>
internal sealed record Refusal(
    string Endpoint, string Rule, string Error, string? Description, string? ClientId, string? RemoteAddress, string? Difference)
{
    /// <summary>Repeats are what has this in common.</summary>
    public Key Same => new(Endpoint, Rule, Error, ClientId, RemoteAddress, Difference);

    internal readonly record struct Key(string Endpoint, string Rule, string Error, string? ClientId, string? RemoteAddress, string? Difference);
}
