namespace IdentityProvider.Audit;

/// <summary>The closed list of what is recorded.</summary>
internal enum AuditEventType
{
    SignIn,
    SignInRefused,
    SignOut,
    ExternalSignIn,
    ExternalLoginLinked,
    AccountLocked,
    UserCreated,
    UserChanged,
    AdministratorCreated,
    SetupLinkCreated,
    SessionStarted,
    SessionEnded,
    LogoutDelivered,
    LogoutUndelivered,
    ConsentGranted,
    ConsentDenied,

    /// <summary>In rows of earlier versions: refusals of protocol requests are a <see cref="DecisionRecord"/> now.</summary>
    AuthorizationRefused,
    CodeIssued,
    TokenIssued,
    TokenExchanged,

    /// <inheritdoc cref="AuthorizationRefused"/>
    TokenRefused,
    TokenRevoked,
    DeviceRequested,
    DeviceAllowed,
    DeviceDenied,
    UserCodeRefused,
    GrantEnded,
    RefreshTokenReused,
    CodeReplayed,
    KeyCreated,
    KeyRetired,
    DeclarationsApplied,
    ClientChanged,
    ClientKeysUnreadable,
    ScopeChanged,
    PermissionsChanged,
    PoliciesChanged,
    TokensPreviewed,

    /// <summary>Somebody was given a role or a group, or it was taken from them.</summary>
    AccessChanged,

    /// <summary>Somebody asked the administration for what they may not do.</summary>
    AdministrationRefused,
}
