using System.Text;
using System.Text.Json;
using IdentityProvider.Clients;
using IdentityProvider.Extensibility;
using IdentityProvider.Permissions;
using IdentityProvider.Protocol;
using IdentityProvider.Scopes;
using OpenIddict.Server;

namespace IdentityProvider.Claims;

/// <summary>What mapped claims are wanted for.</summary>
/// <param name="Subject">The person's own subject, or the identifier of a client that acts for itself.</param>
/// <param name="Audiences">The APIs that will read it; none where the client does.</param>
/// <param name="Scopes">Those that were granted.</param>
internal sealed record MappingOccasion(
    MappingTargets Target, SubjectKind SubjectKind, string Subject, string ClientId, IReadOnlyList<string> Audiences, IReadOnlyList<string> Scopes)
{
    public static MappingOccasion Of(ClaimsContext context) => new(
        context.Target switch
        {
            ClaimsTarget.AccessToken => MappingTargets.AccessToken,
            ClaimsTarget.IdToken => MappingTargets.IdToken,
            _ => MappingTargets.UserInfo,
        },
        context.SubjectKind, context.Subject, context.ClientId, context.Audiences, context.Scopes);
}

/// <summary>
/// Makes the claims that scopes and resources map. What one needs is read when a mapping of this very token needs it, and once for all tokens of a request.
/// </summary>
internal sealed class MappedClaims(ScopeCatalog scopes, ClientCatalog clients, MappingSources sources)
{
    // Together with the largest roles, groups and entitlements a token still fits into the headers that servers take.
    private const int LargestTogether = 4096;

    /// <summary>Whether any mapping exists.</summary>
    public async ValueTask<bool> AreThereAsync(CancellationToken cancellationToken) => (await scopes.GetAsync(cancellationToken)).MapsClaims;

    public async ValueTask<IReadOnlyList<ContributedClaim>> CollectAsync(
        OpenIddictServerTransaction transaction, MappingOccasion occasion, CancellationToken cancellationToken)
    {
        var known = await scopes.GetAsync(cancellationToken);
        if (!known.MapsClaims)
        {
            return [];
        }

        var claims = new Dictionary<string, ContributedClaim>(StringComparer.Ordinal);
        var room = LargestTogether;
        foreach (var mapping in Applicable(known, occasion))
        {
            var (value, leftOut) = MappedValue.Of(mapping, await FindAsync(transaction, mapping, occasion, cancellationToken));
            if (value is { } made)
            {
                var size = mapping.Claim.Length + Encoding.UTF8.GetByteCount(made.GetRawText());
                leftOut = size > room ? $"all mapped claims together have more than {LargestTogether} bytes" : null;
                if (leftOut is null)
                {
                    room -= size;
                    var claim = new ContributedClaim(mapping.Claim, made);
                    ReservedClaims.Refuse(claim, "A claim mapping");
                    claims.TryAdd(claim.Name, claim);
                }
            }

            if (leftOut is not null)
            {
                LeftOutClaims.Of(transaction).Add(new LeftOutClaim(mapping.Claim, occasion.Target, leftOut));
            }
        }

        return [.. claims.Values];
    }

    // A scope that opens APIs speaks to these alone, and a resource to nobody beside it: a token that others read too says nothing of it.
    private static IEnumerable<ClaimMapping> Applicable(ScopeSet known, MappingOccasion occasion)
    {
        var ofScopes = known.Find(occasion.Scopes)
            .Where(scope => scope.Mappings.Count > 0 && (scope.Resources.Count == 0 || occasion.Audiences.All(scope.Resources.Contains)))
            .SelectMany(scope => scope.Mappings);
        var ofResource = occasion.Audiences is [var only] && known.Resources.GetValueOrDefault(only) is { } resource ? resource.Mappings : [];
        return ofScopes.Concat(ofResource).Where(mapping => mapping.IsFor(occasion.ClientId, occasion.Target)).OrderBy(mapping => mapping.Claim, StringComparer.Ordinal);
    }

    private async ValueTask<IReadOnlyList<JsonElement>> FindAsync(
        OpenIddictServerTransaction transaction, ClaimMapping mapping, MappingOccasion occasion, CancellationToken cancellationToken) => mapping.Source switch
    {
        MappingSource.Constant => [mapping.Constant],
        MappingSource.Client => await clients.FindAsync(occasion.ClientId, cancellationToken) is { } client ? PropertyOf(client, mapping.Attribute) : [],
        MappingSource.User => occasion.SubjectKind == SubjectKind.Person
            ? await sources.AttributeAsync(transaction, occasion.Subject, mapping.Attribute, cancellationToken)
            : [],
        _ => await sources.NamesAsync(transaction, mapping, HolderOf(occasion), occasion.Audiences, cancellationToken),
    };

    private static AccessHolder HolderOf(MappingOccasion occasion) => occasion.SubjectKind == SubjectKind.Person
        ? new AccessHolder.Person(occasion.Subject)
        : new AccessHolder.Client(occasion.Subject);

    private static IReadOnlyList<JsonElement> PropertyOf(RegisteredClient client, string property) => property switch
    {
        "client_id" => Texts(client.ClientId),
        "client_name" => Texts(client.Metadata.ClientName),
        "client_uri" => Texts(client.Metadata.ClientUri),
        "contacts" => Texts([.. client.Metadata.Contacts]),
        _ => [],
    };

    private static IReadOnlyList<JsonElement> Texts(params IReadOnlyList<string?> texts) =>
        [.. texts.Where(text => !string.IsNullOrEmpty(text)).Select(text => JsonSerializer.SerializeToElement(text))];
}
