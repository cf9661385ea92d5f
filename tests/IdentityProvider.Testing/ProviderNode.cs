namespace IdentityProvider.Testing;

/// <summary>A running provider as clients and browsers see it, whether it runs in this process or in one of its own.</summary>
public abstract class ProviderNode(string issuer) : IAsyncDisposable
{
    /// <summary>The issuer identifier.</summary>
    public string Issuer { get; } = issuer;

    /// <summary>Plain HTTP to this node: no cookies, no redirects followed.</summary>
    public HttpClient Http { get; private set; } = null!;

    /// <summary>What <see cref="Http"/> sends through: whatever the address, this node answers.</summary>
    public HttpMessageHandler Handler { get; private set; } = null!;

    public abstract TimeProvider Clock { get; }

    /// <summary>Counts the commands of each request; null where the node cannot be looked into.</summary>
    public virtual SqlCounter? Sql => null;

    public Browser NewBrowser() => new(this);

    /// <summary>A client of the standard declaration.</summary>
    public RelyingParty RelyingParty(string clientId) => StandardDeclaration.RelyingParty(this, clientId);

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        Http.Dispose();
        Handler.Dispose();
        return ValueTask.CompletedTask;
    }

    private protected void Use(HttpMessageHandler handler, Uri address)
    {
        Handler = handler;
        Http = new HttpClient(handler, disposeHandler: false) { BaseAddress = address };
    }
}
