using System.Text.Json.Nodes;
using IdentityProvider.Data;
using IdentityProvider.Keys;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Administration;

/// <summary>
/// The signing keys. New ones are published first and take over later, as always; replacing a key that may be in wrong hands at once makes every token
/// invalid and stays the operator's, by the command <c>keys rotate --now</c>.
/// </summary>
internal sealed class KeyOperations(AppDbContext db, KeyRotation rotation, TimeProvider clock)
{
    public async Task<Answer> ListAsync(AdministrationRequest request)
    {
        var keys = await db.Set<SigningKey>().AsNoTracking().ToListAsync(request.Aborted);
        return Answer.Ok(new JsonObject
        {
            ["keys"] = new JsonArray([.. KeyLife.Order(keys, clock.GetUtcNow().UtcDateTime).Select(item => new JsonObject
            {
                ["kid"] = item.Key.Kid,
                ["alg"] = item.Key.Algorithm,
                ["state"] = item.State.ToString().ToLowerInvariant(),
                ["signs_from"] = Json.Moment(item.Key.ActivateAt),
                ["signs_until"] = Json.Moment(item.Key.RetireAt),
                ["published_until"] = Json.Moment(item.Key.DeleteAt),
            })]),
        });
    }

    /// <summary>Publishes a successor of every key that has none yet.</summary>
    public async Task<Answer> RotateAsync(AdministrationRequest request)
    {
        await rotation.RotateAsync(request.Aborted);
        return await ListAsync(request);
    }
}
