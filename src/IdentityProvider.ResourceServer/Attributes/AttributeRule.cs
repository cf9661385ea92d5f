using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IdentityProvider.ResourceServer;

/// <summary>One rule of an attribute policy.</summary>
internal sealed record AttributeRule(string Policy, string Name, Func<AccessFacts, bool> Holds) : IAuthorizationRequirement
{
    public override string ToString() => $"Rule {Name} of {Policy}";
}

/// <summary>Puts the facts together and asks the rule. The log learns which rule refused; the caller does not.</summary>
internal sealed partial class AttributeRuleHandler(
    IHttpContextAccessor accessor, PermissionLookup lookup, IOptions<ResourceServerOptions> options, TimeProvider clock, ILogger<AttributeRuleHandler> logger)
    : AuthorizationHandler<AttributeRule>
{
    protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, AttributeRule requirement)
    {
        // A rule may refuse by a role ("no freelancers"), so it must not take roles that were left out for roles that are not there.
        await lookup.FillInAsync(context, this);
        if (context.HasFailed)
        {
            return;
        }

        if (Holds(requirement, Facts(context)))
        {
            context.Succeed(requirement);
        }
        else
        {
            Refusal.Of(context)?.ByPolicy();
        }
    }

    private bool Holds(AttributeRule rule, AccessFacts facts)
    {
        try
        {
            if (rule.Holds(facts))
            {
                return true;
            }

            Log.Refused(logger, rule.Policy, rule.Name, facts.Subject.Id);
        }
        // A rule that cannot decide has not allowed anything, and its fault is not the caller's.
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            Log.Failed(logger, rule.Policy, rule.Name, facts.Subject.Id, fault);
        }

        return false;
    }

    private AccessFacts Facts(AuthorizationHandlerContext context)
    {
        var http = context.Resource as HttpContext ?? accessor.HttpContext;
        var (action, resource) = context.Resource switch
        {
            AccessRequest request => (request.Action, request.Resource),
            HttpContext => (http!.Request.Method, null),
            var other => (http?.Request.Method ?? "", other),
        };
        return new AccessFacts(
            new AccessSubject(context.User),
            action,
            resource,
            new AccessEnvironment(clock.GetUtcNow(), options.Value.Region, http?.Connection.RemoteIpAddress, options.Value.ClockSkew));
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 3, Level = LogLevel.Information, Message = "Attribute policy {Policy}: rule {Rule} refused {Subject}.")]
        public static partial void Refused(ILogger logger, string policy, string rule, string? subject);

        [LoggerMessage(EventId = 4, Level = LogLevel.Error, Message = "Attribute policy {Policy}: rule {Rule} failed, so it refused {Subject}.")]
        public static partial void Failed(ILogger logger, string policy, string rule, string? subject, Exception fault);
    }
}
