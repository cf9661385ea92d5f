using System.Text.Json.Nodes;
using IdentityProvider.Clients;
using IdentityProvider.Data;
using IdentityProvider.Permissions;
using IdentityProvider.Scopes;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Administration;

/// <summary>
/// Changes clients. One with the scope <c>administration</c> is declared by the operator and changed by nobody here: with its secret or a redirect URI
/// of one's own one would have the tokens of everybody who administers this server with it. The same holds for one that answers for an API, or acts
/// for people by exchanging tokens of others.
/// </summary>
internal sealed class ClientWriting(AppDbContext db, Changes changes, ClientRegistry registry, ClientAftermath aftermath)
{
    /// <summary>Makes the client be as the body says: a member that it does not name has its default.</summary>
    public async Task<Answer> PutAsync(AdministrationRequest request)
    {
        var clientId = request.Values[0];
        var (members, problem) = await request.ReadAsync(ClientMembers.Table);
        if (problem is not null)
        {
            return problem;
        }

        if (ScopesOf(members).Contains(AdministrationResource.Scope))
        {
            return OfTheOperator;
        }

        ClientMembers.Complete(members);
        await registry.PrepareAsync([new ClientDraft(clientId, members)], request.Aborted);
        var answer = await changes.MakeAsync(request, bounds => PutAsync(request, clientId, members, bounds));
        if (answer is Answer.Done)
        {
            await aftermath.ChangedAsync(request.Aborted);
        }

        return answer;
    }

    public async Task<Answer> DeleteAsync(AdministrationRequest request)
    {
        var answer = await changes.MakeAsync(request, async bounds =>
        {
            var (client, problem) = await FindAsync(request, bounds);
            if (problem is not null)
            {
                return problem;
            }

            await registry.StageRemovalAsync(client!, request.Aborted);
            return Answer.Nothing;
        });
        if (answer is Answer.Done)
        {
            aftermath.Removed();
        }

        return answer;
    }

    /// <summary>Gives the client a new secret, which is told once. The old one works no more.</summary>
    public async Task<Answer> RenewSecretAsync(AdministrationRequest request)
    {
        var answer = await changes.MakeAsync(request, async bounds =>
        {
            var (client, problem) = await FindAsync(request, bounds);
            if (problem is not null)
            {
                return problem;
            }

            if (!ClientMetadata.FromJson(client!.Metadata).UsesSecret)
            {
                return Problem.Conflict("This client does not prove itself by a secret: see its token_endpoint_auth_method.");
            }

            var secret = ClientSecret.Generate();
            var change = await registry.StageAsync(new ClientDraft(client.ClientId!, [], secret), await ScopeRows.ReadAsync(db, request.Aborted), request.Aborted);
            return change is ClientChange.Invalid invalid
                ? Problem.Wrong(invalid.Problems)
                : Answer.Ok(new JsonObject { ["client_id"] = client.ClientId, ["client_secret"] = secret });
        });
        if (answer is Answer.Done)
        {
            await aftermath.ChangedAsync(request.Aborted);
        }

        return answer;
    }

    private static Problem OfTheOperator => Problem.Forbidden("administration.client",
        "A client with the scope administration carries what administrators may do: only a declaration makes it, changes it or removes it.");

    private static Problem OfAnApi => Problem.Forbidden("administration.client",
        "A client that a resource names sees and exchanges the tokens of that API: only a declaration makes it, changes it or removes it.");

    private static Problem Impersonating => Problem.Forbidden("administration.client",
        "A client that impersonates people or exchanges tokens of other clients acts for them: only a declaration makes it, changes it or removes it.");

    private async Task<Answer> PutAsync(AdministrationRequest request, string clientId, JsonObject members, Bounds bounds)
    {
        var stored = await db.Set<Client>().AsNoTracking().SingleOrDefaultAsync(client => client.ClientId == clientId, request.Aborted);
        var scopes = await ScopeRows.ReadAsync(db, request.Aborted);
        var problem = stored is not null ? await RefusalAsync(stored, scopes, bounds, request.Aborted)
            : scopes.ResourcesNaming(clientId).Count > 0 ? OfAnApi : null;
        if (problem is not null)
        {
            return problem;
        }

        if ((stored is not null && request.MustBeNew) || !request.Means(stored?.ConcurrencyToken))
        {
            return new Problem(StatusCodes.Status412PreconditionFailed, "The client is not as you know it: read it again.");
        }

        // A client that is to have a secret gets one, told once.
        var secret = stored?.ClientSecret is null && ClientMetadata.FromJson(ClientColumns.Merge("{}", members)).UsesSecret ? ClientSecret.Generate() : null;
        switch (await registry.StageAsync(new ClientDraft(clientId, members, secret), scopes, request.Aborted))
        {
            case ClientChange.Invalid invalid:
                return Problem.Wrong(invalid.Problems);
            case ClientChange.Created { Client: var created } when ActsForOthers(created):
                return Impersonating;
            case ClientChange.Updated { Client: var updated } when ActsForOthers(updated):
                return Impersonating;
            case ClientChange.Created { Client: var client }:
                return new Answer.Done(StatusCodes.Status201Created, Tell(client, secret)) { Version = client.ConcurrencyToken };
            case ClientChange.Updated { Client: var client }:
                return Answer.Ok(Tell(client, secret)) with { Version = client.ConcurrencyToken };
            default:
                return Answer.Ok(ClientReading.Describe(stored!)) with { Version = stored!.ConcurrencyToken };
        }
    }

    private async Task<(Client? Client, Problem? Problem)> FindAsync(AdministrationRequest request, Bounds bounds)
    {
        var clientId = request.Values[0];
        return await db.Set<Client>().SingleOrDefaultAsync(client => client.ClientId == clientId, request.Aborted) is { } client
            ? (client, await RefusalAsync(client, await ScopeRows.ReadAsync(db, request.Aborted), bounds, request.Aborted))
            : (null, Problem.NotFound("There is no such client."));
    }

    private static async Task<Problem?> RefusalAsync(Client client, ScopeSet scopes, Bounds bounds, CancellationToken cancellationToken) =>
        ClientMetadata.FromJson(client.Metadata).ScopeNames.Contains(AdministrationResource.Scope) ? OfTheOperator
            : scopes.ResourcesNaming(client.ClientId!).Count > 0 ? OfAnApi
            : ActsForOthers(client) ? Impersonating
            : await bounds.ToChangeAsync(client.ClientId!, cancellationToken);

    private static bool ActsForOthers(Client client) =>
        ClientTokenExchange.From(ClientMetadata.FromJson(client.Metadata).TokenExchange) is { Impersonation: true } or { SubjectTokenClients.Count: > 0 };

    private static string[] ScopesOf(JsonObject members) => members["scope"]?.GetValue<string>().Split(' ') ?? [];

    private static JsonObject Tell(Client client, string? secret)
    {
        var body = ClientReading.Describe(client);
        if (secret is not null)
        {
            body["client_secret"] = secret;
        }

        return body;
    }
}
