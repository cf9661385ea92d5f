namespace IdentityProvider.Sandbox.Api.Readers;

/// <summary>Somebody who reads us.</summary>
internal sealed record Reader(string Name, string Email);

/// <summary>The readers of one region. The region is a fact about the data, which rules look at.</summary>
internal sealed record ReaderList(string Region, IReadOnlyList<Reader> Readers);

/// <summary>The readers.</summary>
internal sealed class ReaderStore(PublishingDatabase database)
{
    public IReadOnlyList<ReaderList> All() =>
        [.. database.Query("SELECT DISTINCT Region FROM Readers ORDER BY Region", row => row.GetString(0)).Select(region => Find(region)!)];

    public ReaderList? Find(string region) =>
        database.Query("SELECT Name, Email FROM Readers WHERE Region = @region ORDER BY Name", row => new Reader(row.GetString(0), row.GetString(1)), ("@region", region))
            is { Count: > 0 } readers ? new ReaderList(region, readers) : null;
}
