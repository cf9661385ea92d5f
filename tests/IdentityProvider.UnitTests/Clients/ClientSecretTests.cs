using IdentityProvider.Clients;

namespace IdentityProvider.UnitTests.Clients;

public class ClientSecretTests
{
    [Fact]
    public void A_generated_secret_is_long_enough_to_be_declared()
    {
        var secret = ClientSecret.Generate();

        Assert.Equal(ClientSecret.Length, secret.Length);
        Assert.True(ClientSecret.IsLongEnough(secret));
        Assert.NotEqual(secret, ClientSecret.Generate());
    }

    [Fact]
    public void A_secret_matches_its_hash_and_no_other()
    {
        var stored = ClientSecret.Hash("right");

        Assert.StartsWith("{SHA256}", stored, StringComparison.Ordinal);
        Assert.DoesNotContain("right", stored, StringComparison.Ordinal);
        Assert.True(ClientSecret.Matches("right", stored));
        Assert.False(ClientSecret.Matches("wrong", stored));
        // What lies in the database is no secret to present.
        Assert.False(ClientSecret.Matches(stored, stored));
        Assert.False(ClientSecret.Matches("right", ""));
    }
}
