namespace IdentityProvider.Policies.Conditions;

/// <summary>What a value is. Before a condition is evaluated much is only known to be <see cref="Any"/>: what callers send.</summary>
internal enum Kind
{
    Any,
    Null,
    Bool,
    Int,
    Double,
    String,
    Timestamp,
    Duration,
    Network,
    List,
    Map,
}
