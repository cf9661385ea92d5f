using System.Security.Cryptography;
using IdentityProvider.Data;
using Microsoft.AspNetCore.DataProtection;

namespace IdentityProvider.Logout;

/// <summary>What a person who signed out is told of the apps that were told, and who may ask: the browser in which they did it.</summary>
internal sealed class LogoutReceipts(Statements statements, IDataProtectionProvider protection)
{
    /// <summary>The parameter of the page <c>/logged-out</c>.</summary>
    public const string Parameter = "receipt";

    private static readonly Statement find = new(
        """SELECT d."ClientId", d."ClientName", d."State" FROM "LogoutDeliveries" AS d WHERE d."LogoutId" = @id""", "@id");

    // As long as somebody may leave the page open.
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private readonly ITimeLimitedDataProtector protector =
        protection.CreateProtector("IdentityProvider.Logout.Receipt").ToTimeLimitedDataProtector();

    /// <summary>What the browser holds of a receipt.</summary>
    public string Seal(Guid logoutId) => protector.Protect(logoutId.ToString("N"), Lifetime);

    /// <summary>How it stands now; null when there is no such receipt, or it is not this browser's to see.</summary>
    public async Task<LogoutReceipt?> FindAsync(string? sealedReceipt, CancellationToken cancellationToken)
    {
        if (Open(sealedReceipt) is not { } logoutId)
        {
            return null;
        }

        var deliveries = await statements.ReadAllAsync(
            find,
            static row => (ClientId: row.GetString(0), ClientName: row.GetString(1), State: Enum.Parse<LogoutDeliveryState>(row.GetString(2))),
            cancellationToken,
            logoutId);

        // A client may have been in several of the sessions.
        var apps = deliveries.GroupBy(delivery => delivery.ClientId)
            .Select(app => (Name: app.First().ClientName, State: app.Max(delivery => delivery.State switch
            {
                LogoutDeliveryState.Delivered => 0,
                LogoutDeliveryState.Waiting => 1,
                _ => 2,
            })))
            .OrderBy(app => app.Name, StringComparer.Ordinal)
            .ToList();
        return apps.Count == 0
            ? null
            : new LogoutReceipt(apps.Count, Named(1), Named(2));

        IReadOnlyList<string> Named(int state) => [.. apps.Where(app => app.State == state).Select(app => app.Name)];
    }

    private Guid? Open(string? sealedReceipt)
    {
        if (string.IsNullOrEmpty(sealedReceipt) || sealedReceipt.Length > 1024)
        {
            return null;
        }

        try
        {
            return Guid.TryParseExact(protector.Unprotect(sealedReceipt), "N", out var logoutId) ? logoutId : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}

/// <summary>How far signing out has come.</summary>
/// <param name="Apps">How many apps were to be told.</param>
/// <param name="Waiting">Those that have not answered yet.</param>
/// <param name="Unanswered">Those that are no longer tried.</param>
internal sealed record LogoutReceipt(int Apps, IReadOnlyList<string> Waiting, IReadOnlyList<string> Unanswered)
{
    public int SignedOut => Apps - Waiting.Count - Unanswered.Count;
}
