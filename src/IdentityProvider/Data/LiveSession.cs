namespace IdentityProvider.Data;

/// <summary>For what a person does in a session and must not be done once that has ended, be it at the same moment.</summary>
internal static class LiveSession
{
    private static readonly Statement hold = new(
        """UPDATE "Sessions" SET "EndedAt" = "EndedAt" WHERE "Id" = @sid AND "EndedAt" IS NULL""", "@sid");

    /// <summary>
    /// Holds the session's row without changing it, in the transaction of <paramref name="writer"/>. Whoever wants to end the session waits and then finds
    /// what is written with it, or ended it before.
    /// </summary>
    /// <returns>False when it has ended, or there is none.</returns>
    public static async ValueTask<bool> HoldAsync(StatementWriter writer, string? sid) => await writer.ExecuteAsync(hold, sid) == 1;
}
