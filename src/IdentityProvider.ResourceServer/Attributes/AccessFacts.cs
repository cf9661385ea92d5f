namespace IdentityProvider.ResourceServer;

/// <summary>What the rules of an attribute policy look at. Nothing in it can be changed, and looking at it does nothing.</summary>
public sealed class AccessFacts
{
    internal AccessFacts(AccessSubject subject, string action, object? resource, AccessEnvironment environment) =>
        (Subject, Action, Resource, Environment) = (subject, action, resource, environment);

    /// <summary>Who asks.</summary>
    public AccessSubject Subject { get; }

    /// <summary>
    /// What they want to do: the action of an <see cref="AccessRequest"/>, otherwise the method of the HTTP request, otherwise empty.
    /// </summary>
    public string Action { get; }

    /// <summary>The loaded resource; null when the policy guards an endpoint.</summary>
    public object? Resource { get; }

    /// <summary>When and where.</summary>
    public AccessEnvironment Environment { get; }
}
