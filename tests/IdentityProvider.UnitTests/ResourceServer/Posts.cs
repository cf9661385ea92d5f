using IdentityProvider.ResourceServer;

namespace IdentityProvider.UnitTests.ResourceServer;

internal sealed record Post(string OwnerSubject, string Region) : IOwned
{
    public static Post? Find(string? name) => name switch
    {
        "of-alice" => new("alice", "EU"),
        "of-bob" => new("bob", "US"),
        "of-7" => new("7", "EU"),
        "of-nobody" => new("", "EU"),
        _ => null,
    };
}
