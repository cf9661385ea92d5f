using IdentityProvider.Clients;
using IdentityProvider.Permissions;
using IdentityProvider.Policies;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace IdentityProvider.Evaluation;

/// <summary>Decides: the model and the policies from memory, and each subject in one read.</summary>
internal sealed class DecisionPoint(AccessCatalog model, AccessHolders holders, PolicyCatalog policies, TimeProvider clock)
{
    // Longer is no subject that we gave (OpenID Connect Core §2), and the database must not be asked for what it cannot hold.
    private const int LongestSubject = 255;

    /// <summary>What the questions of one request have in common.</summary>
    public async ValueTask<Inquiry> OpenAsync(AskingApi api, CancellationToken cancellationToken)
    {
        var access = await model.GetAsync(cancellationToken);
        var rules = (await policies.GetAsync(cancellationToken)).Of(api.Resource);
        return new Inquiry(this, api.Client, new EvaluatedApi(api.Resource, access, access.FindGrants(api.Resource), rules, clock.GetUtcNow().UtcDateTime));
    }

    private async ValueTask<HeldAccess?> FindHeldAsync(AskedSubject subject, RegisteredClient asking, CancellationToken cancellationToken) =>
        HolderOf(subject, asking) is { } holder ? await holders.FindHeldAsync(holder, cancellationToken) : null;

    // A client with pairwise subjects was told of nobody by another one; every other API hears of people by whatever the tokens say that are sent to it.
    private static AccessHolder? HolderOf(AskedSubject subject, RegisteredClient asking) => subject switch
    {
        { Type: AskedSubject.Client } when ClientRules.CanBeIdentifier(subject.Id) => new AccessHolder.Client(subject.Id),
        { Type: AskedSubject.User, Id: { Length: > 0 and <= LongestSubject } id } when !id.Any(char.IsControl) =>
            asking.Metadata.SubjectType == SubjectTypes.Pairwise
                ? new AccessHolder.InSector(id, ClientSubjectRules.SectorOf(asking.Metadata))
                : new AccessHolder.Named(id),
        _ => null,
    };

    /// <summary>The questions of one request. Each subject is read once.</summary>
    internal sealed class Inquiry(DecisionPoint point, RegisteredClient asking, EvaluatedApi api)
    {
        private readonly List<(AskedSubject Asked, EvaluatedSubject Found)> known = new(1);

        public EvaluatedApi Api => api;

        public async ValueTask<AccessDecision> DecideAsync(Question question, CancellationToken cancellationToken) =>
            AccessDecision.On(question, await FindAsync(question.Subject, cancellationToken), api);

        public async ValueTask<EvaluatedSubject> FindAsync(AskedSubject subject, CancellationToken cancellationToken)
        {
            foreach (var (asked, found) in known)
            {
                if (asked.Id == subject.Id && asked.Type == subject.Type)
                {
                    return found;
                }
            }

            // Nothing that is read could permit anything where there is neither a permission nor a policy.
            var held = api.Grants is null && api.Policies.IsEmpty ? null : await point.FindHeldAsync(subject, asking, cancellationToken);
            var made = new EvaluatedSubject(held, api);
            known.Add((subject, made));
            return made;
        }
    }
}
