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
    ConsentGranted,
    ConsentDenied,
    AuthorizationRefused,
    CodeIssued,
    TokenIssued,
    TokenRefused,
    TokenRevoked,
    GrantEnded,
    RefreshTokenReused,
    CodeReplayed,
    KeyCreated,
    KeyRetired,
    DeclarationsApplied,
    ClientChanged,
    ClientKeysUnreadable,
    ScopeChanged,
}
