namespace IdentityProvider.Data;

/// <summary>A row that counts only within a period.</summary>
internal interface ITimeLimited
{
    /// <summary>From when on it counts; null: from the beginning.</summary>
    DateTime? NotBefore { get; set; }

    /// <summary>From when on it does not count any more; null: never.</summary>
    DateTime? ExpiresAt { get; set; }
}
