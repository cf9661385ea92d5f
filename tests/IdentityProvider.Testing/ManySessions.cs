using IdentityProvider.Data;
using IdentityProvider.Sessions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace IdentityProvider.Testing;

/// <summary>Sessions of browsers that nobody has to open: rows as sign-ins leave them, on several devices, with and without apps.</summary>
public static class ManySessions
{
    private static readonly string[] agents =
    [
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:142.0) Gecko/20100101 Firefox/142.0",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
        "Mozilla/5.0 (Linux; Android 15; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
        new('x', 256),
    ];

    private static readonly string?[] addresses = ["198.51.100.23", "192.168.1.20", "2001:db8:85a3:1234:5678:8a2e:370:7334", null];

    public static async Task AddSessionsAsync(this ProviderHost host, TestPerson person, int count)
    {
        await using var scope = host.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        var clients = await db.Set<Client>().OrderBy(client => client.ClientId).Select(client => client.Id).Take(3).ToListAsync();
        var now = host.Clock.GetUtcNow().UtcDateTime;
        for (var number = 0; number < count; number++)
        {
            var began = now.AddMinutes(-number - 3);
            var session = new Session
            {
                Id = Wire.RandomText(16),
                SecretHash = new byte[32],
                UserId = person.Id,
                Methods = number % 3 == 1 ? "fed" : "pwd",
                Acr = AcrValues.SingleFactor,
                AuthenticatedAt = began.AddDays(-number % 5),
                CreatedAt = began.AddDays(-number % 5),
                LastSeenAt = began,
                ExpiresAt = now.AddDays(20),
                Persistent = number % 2 == 0,
                UserAgent = agents[number % agents.Length],
                RemoteAddress = addresses[number % addresses.Length],
            };
            db.Add(session);
            for (var index = 0; index < clients.Count && index <= number % 4; index++)
            {
                var grant = new Grant
                {
                    Id = Guid.CreateVersion7(), ApplicationId = clients[index], Subject = person.Subject, SessionId = session.Id,
                    Offline = index != 1, Status = Statuses.Valid, Type = AuthorizationTypes.AdHoc, CreationDate = began,
                };
                db.Add(grant);
                db.Add(new Token
                {
                    Id = Guid.CreateVersion7(), ApplicationId = clients[index], AuthorizationId = grant.Id, Subject = person.Subject,
                    Status = Statuses.Valid, Type = TokenTypeIdentifiers.RefreshToken, CreationDate = began, ExpirationDate = now.AddDays(30),
                });
            }
        }

        await db.SaveChangesAsync();
    }
}
