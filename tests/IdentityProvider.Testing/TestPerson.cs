namespace IdentityProvider.Testing;

/// <summary>Somebody made for one test.</summary>
public sealed record TestPerson(Guid Id, string UserName, string Password, string Subject)
{
    public string Email => $"{UserName}@example.com";
}
