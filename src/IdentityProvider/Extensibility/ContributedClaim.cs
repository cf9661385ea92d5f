using System.Text.Json;

namespace IdentityProvider.Extensibility;

/// <summary>A claim that an <see cref="IClaimsContributor"/> adds.</summary>
public sealed class ContributedClaim
{
    /// <summary>A claim with any JSON value.</summary>
    /// <param name="name">The name of the claim; one with a domain in it collides with nobody's (RFC 7519 §4.2).</param>
    /// <param name="value">The value. A null or undefined one means no claim at all.</param>
    public ContributedClaim(string name, JsonElement value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        (Name, Value) = (name, value);
    }

    /// <summary>A claim whose value is a text.</summary>
    /// <param name="name">The name of the claim.</param>
    /// <param name="value">The value.</param>
    public ContributedClaim(string name, string value)
        : this(name, JsonSerializer.SerializeToElement(value))
    {
    }

    /// <summary>A claim whose value is a list of texts. It stays a list when it has one item or none.</summary>
    /// <param name="name">The name of the claim.</param>
    /// <param name="values">The values.</param>
    public ContributedClaim(string name, IEnumerable<string> values)
        : this(name, JsonSerializer.SerializeToElement(values))
    {
    }

    /// <summary>The name of the claim.</summary>
    public string Name { get; }

    /// <summary>Its value.</summary>
    public JsonElement Value { get; }
}
