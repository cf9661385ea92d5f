using System.Text.Json.Nodes;
using IdentityProvider.Clients;
using IdentityProvider.Data;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Administration;

/// <summary>Clients as they are registered. Never a secret: only its hash is kept.</summary>
internal sealed class ClientReading(AppDbContext db)
{
    public async Task<Answer> ListAsync(AdministrationRequest request)
    {
        var (after, limit) = (request.Text("after"), request.Limit);
        var found = await db.Set<Client>().AsNoTracking()
            .Where(client => after == null || string.Compare(client.ClientId, after) > 0)
            .OrderBy(client => client.ClientId).Take(limit + 1)
            .Select(client => new { client.ClientId, client.DisplayName }).ToListAsync(request.Aborted);
        return Paging.Of("clients", found, limit, client => client.ClientId!,
            client => new JsonObject { ["client_id"] = client.ClientId, ["client_name"] = client.DisplayName });
    }

    public async Task<Answer> GetAsync(AdministrationRequest request)
    {
        var clientId = request.Values[0];
        return await db.Set<Client>().AsNoTracking().SingleOrDefaultAsync(client => client.ClientId == clientId, request.Aborted) is { } client
            ? Answer.Ok(Describe(client)) with { Version = client.ConcurrencyToken }
            : Problem.NotFound("There is no such client.");
    }

    /// <summary>The client with every member of its registration, as it would be sent to register it.</summary>
    public static JsonObject Describe(Client client)
    {
        var members = ClientMetadata.FromJson(client.Metadata).ToMembers();
        members["client_id"] = client.ClientId;
        members["has_secret"] = client.ClientSecret is not null;
        return members;
    }
}
