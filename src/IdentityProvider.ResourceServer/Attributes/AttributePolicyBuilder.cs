using System.Net;

namespace IdentityProvider.ResourceServer;

/// <summary>
/// An attribute policy: rules over subject, resource, action and environment, all of which must hold. A rule only answers; it must not change
/// anything, wait, or ask elsewhere. One that throws refuses. Names of rules go to the log, never to the caller.
/// </summary>
public sealed class AttributePolicyBuilder
{
    private readonly List<AttributeRule> rules = [];
    private readonly string policy;

    internal AttributePolicyBuilder(string policy) => this.policy = policy;

    internal IReadOnlyList<AttributeRule> Rules => rules;

    /// <summary>Adds a rule.</summary>
    /// <param name="rule">Its name in the log.</param>
    /// <param name="holds">Whether access is allowed as far as this rule goes.</param>
    /// <returns>The same policy.</returns>
    /// <exception cref="ArgumentException">The name is empty or taken.</exception>
    public AttributePolicyBuilder Require(string rule, Func<AccessFacts, bool> holds)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(rule);
        ArgumentNullException.ThrowIfNull(holds);
        if (rules.Any(other => other.Name == rule))
        {
            throw new ArgumentException($"The policy {policy} has a rule {rule} already.", nameof(rule));
        }

        rules.Add(new AttributeRule(policy, rule, holds));
        return this;
    }

    /// <summary>Adds a rule over the loaded resource. It refuses when there is none, or one of another type.</summary>
    /// <param name="rule">Its name in the log.</param>
    /// <param name="holds">Whether access to this resource is allowed as far as this rule goes.</param>
    /// <returns>The same policy.</returns>
    public AttributePolicyBuilder Require<TResource>(string rule, Func<TResource, AccessFacts, bool> holds)
        where TResource : class
    {
        ArgumentNullException.ThrowIfNull(holds);

        return Require(rule, facts => facts.Resource is TResource resource && holds(resource, facts));
    }

    /// <summary>Adds a rule over the action.</summary>
    /// <param name="rule">Its name in the log.</param>
    /// <param name="oneOf">The actions allowed, byte for byte; of a guarded endpoint they are the methods of HTTP.</param>
    /// <returns>The same policy.</returns>
    public AttributePolicyBuilder RequireAction(string rule, params string[] oneOf) =>
        Require(rule, facts => oneOf.Contains(facts.Action, StringComparer.Ordinal));

    /// <summary>Adds a rule over the time of the day and the day of the week.</summary>
    /// <param name="rule">Its name in the log.</param>
    /// <param name="timeZone">The time zone by its IANA name, such as <c>Europe/Berlin</c>.</param>
    /// <param name="from">From this time on.</param>
    /// <param name="until">Until before this time; when it is earlier than <paramref name="from"/>, the time spans midnight.</param>
    /// <param name="days">The days; none means all. After midnight it is the next day.</param>
    /// <returns>The same policy.</returns>
    /// <exception cref="TimeZoneNotFoundException">There is no such time zone, or the machine has no time zone data.</exception>
    /// <exception cref="ArgumentException">Both times are the same: nothing lies between them.</exception>
    public AttributePolicyBuilder RequireTime(string rule, string timeZone, TimeOnly from, TimeOnly until, params DayOfWeek[] days)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(timeZone);
        if (from == until)
        {
            throw new ArgumentException("From and until must differ.", nameof(until));
        }

        return Require(rule, facts =>
        {
            var now = facts.Environment.NowIn(zone).DateTime;
            return (days.Length == 0 || days.Contains(now.DayOfWeek)) && TimeOnly.FromDateTime(now).IsBetween(from, until);
        });
    }

    /// <summary>Adds a rule over the caller's address. It refuses when the address is not known.</summary>
    /// <param name="rule">Its name in the log.</param>
    /// <param name="networks">At least one network, such as <c>10.0.0.0/8</c> or <c>2001:db8::/32</c>.</param>
    /// <returns>The same policy.</returns>
    /// <exception cref="FormatException">One is no network.</exception>
    public AttributePolicyBuilder RequireNetwork(string rule, params string[] networks)
    {
        var allowed = networks.Select(IPNetwork.Parse).ToArray();
        return Require(rule, facts => facts.Environment.RemoteAddress is { } address && allowed.Any(network => network.Contains(address)));
    }

    /// <summary>Adds a rule over where this instance of the API runs (<see cref="ResourceServerOptions.Region"/>).</summary>
    /// <param name="rule">Its name in the log.</param>
    /// <param name="oneOf">The regions allowed, byte for byte.</param>
    /// <returns>The same policy.</returns>
    public AttributePolicyBuilder RequireRegion(string rule, params string[] oneOf) =>
        Require(rule, facts => facts.Environment.Region is { Length: > 0 } region && oneOf.Contains(region, StringComparer.Ordinal));

    /// <summary>
    /// Adds a rule over how the person signed in. It refuses like any other rule;
    /// a caller who shall be told how to sign in again needs the guard <c>RequireAuthenticationContext</c>.
    /// </summary>
    /// <param name="rule">Its name in the log.</param>
    /// <param name="acr">Values of <c>acr</c>, separated by spaces; one of them is needed. Null: any.</param>
    /// <param name="maxAge">How long ago the person may have signed in. Null: any time ago.</param>
    /// <returns>The same policy.</returns>
    /// <exception cref="ArgumentException">Neither is given.</exception>
    public AttributePolicyBuilder RequireAssurance(string rule, string? acr = null, TimeSpan? maxAge = null)
    {
        var needed = new RequiredAuthenticationContext(acr, maxAge);
        return Require(rule, facts => needed.IsMetBy(facts.Subject.User, facts.Environment.Now, facts.Environment.ClockSkew));
    }
}
