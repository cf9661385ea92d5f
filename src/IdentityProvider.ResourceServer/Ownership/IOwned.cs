namespace IdentityProvider.ResourceServer;

/// <summary>A thing that belongs to somebody.</summary>
public interface IOwned
{
    /// <summary>The <c>sub</c> of its owner, as in the owner's access tokens. Empty where it belongs to nobody.</summary>
    string OwnerSubject { get; }
}
