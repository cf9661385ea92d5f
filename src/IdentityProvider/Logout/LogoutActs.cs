namespace IdentityProvider.Logout;

/// <summary>What the work of this scope, a request or a command, has ended: for each person one act, which gets one receipt.</summary>
internal sealed class LogoutActs
{
    private readonly Dictionary<Guid, LogoutAct> acts = [];

    public LogoutAct Of(Guid userId) => Find(userId) ?? (acts[userId] = new LogoutAct());

    public LogoutAct? Find(Guid userId) => acts.GetValueOrDefault(userId);
}

internal sealed class LogoutAct
{
    /// <summary>What the receipt is called.</summary>
    public Guid LogoutId { get; } = Guid.CreateVersion7();

    /// <summary>Who is to be told.</summary>
    public List<(Guid Id, string ClientId)> Deliveries { get; } = [];
}
