namespace IdentityProvider.Sessions;

/// <summary>Told when a session ends, whoever ended it.</summary>
internal interface ISessionEndedHandler
{
    /// <summary>Runs in the transaction that ends the session.</summary>
    Task SessionEndedAsync(Session session, SessionEndReason reason, CancellationToken cancellationToken);

    /// <summary>Every session of a person ended; also what outlived sessions that had ended before can be ended now. Runs in the same transaction.</summary>
    Task AllSessionsEndedAsync(string subject, SessionEndReason reason, CancellationToken cancellationToken);
}

/// <summary>Why a session ended.</summary>
internal enum SessionEndReason
{
    SignedOut,
    LoggedOutByClient,
    Replaced,
    Expired,
    PasswordChanged,
    UserDisabled,
    EndedByAdministrator,
    RefreshTokenReused,
}
