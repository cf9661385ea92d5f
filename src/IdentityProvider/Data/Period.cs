namespace IdentityProvider.Data;

/// <summary>From when and until when something is assigned. Null is without limit.</summary>
internal sealed record Period(DateTime? NotBefore = null, DateTime? ExpiresAt = null)
{
    public static Period Always { get; } = new();
}
