namespace IdentityProvider.Extensibility;

/// <summary>An <see cref="IClaimsContributor"/> returned a claim that only the server itself may make.</summary>
public sealed class ReservedClaimException : Exception
{
    /// <summary>Says nothing.</summary>
    public ReservedClaimException()
    {
    }

    /// <summary>Says what is wrong.</summary>
    /// <param name="message">The contributor and the claim.</param>
    public ReservedClaimException(string message)
        : base(message)
    {
    }

    /// <summary>Says what is wrong, and what led to it.</summary>
    /// <param name="message">The contributor and the claim.</param>
    /// <param name="innerException">What led to it.</param>
    public ReservedClaimException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
