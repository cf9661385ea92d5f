using System.Diagnostics.Metrics;
using IdentityProvider.Data;
using IdentityProvider.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.UnitTests.Users;

public sealed class PasswordHashTests : IDisposable
{
    private const string Password = "correct horse battery staple";
    private const string BeyondAscii = "Пароль-mit-Ümläuten-🔑";

    private readonly ServiceProvider services = new ServiceCollection().AddMetrics().AddSingleton<PasswordHasher>().BuildServiceProvider();

    private PasswordHasher Hasher => services.GetRequiredService<PasswordHasher>();

    public void Dispose() => services.Dispose();

    // Known answers, made with the reference implementation's own program (Debian's argon2):
    // echo -n "…" | argon2 0123456789abcdef -id -t 2 -k 19456 -p 1 -l 32 -e
    [Theory]
    [InlineData(Password, "$argon2id$v=19$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$gy5SuVm5Z7Vw7keB9se9p87QGcomaseB/S2U1OhTsM0")]
    [InlineData(BeyondAscii, "$argon2id$v=19$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$ej9D3PrZSy8CYK5eSaPq+IjSHcbiPj4nALnJ3yRf+gg")]
    [InlineData(Password, "$argon2id$v=19$m=65536,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$jlws139Hb2MXNJLf7bxuNExSt0MRSRw8ZOPxbY6FDMhqCv4ZncsxUe+TfrDPXWkyEfRitQTW+3qHFy45jJtacA")]
    public void A_hash_of_the_reference_implementation_is_verified_with_its_own_parameters(string password, string phc)
    {
        Assert.Equal(PasswordVerdict.Right, Hasher.Verify(phc, password));
        Assert.Equal(PasswordVerdict.Wrong, Hasher.Verify(phc, password + "!"));
    }

    [Theory] // RFC 9106 §4 and OWASP: fewer passes or less memory than ours is to be replaced.
    [InlineData("$argon2id$v=19$m=47104,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$QGA1U5IzH+tF9EOz2j+ymVvH5Hn0/0QO2qMnmvz0sVw")]
    [InlineData("$argon2id$v=19$m=64,t=3,p=1$MDEyMzQ1Njc4OWFiY2RlZg$o5lr8pyLCDE9qzjCQQ2yJxyZESu2Svjwku7S+dbJgnI")]
    public void A_weaker_hash_is_verified_and_called_outdated(string phc) =>
        Assert.Equal(PasswordVerdict.RightButOutdated, Hasher.Verify(phc, Password));

    [Fact]
    public void A_new_hash_is_a_PHC_string_with_the_promised_parameters_and_a_salt_of_its_own()
    {
        var hash = Hasher.Hash(Password);

        Assert.Matches(@"^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$", hash);
        Assert.NotEqual(hash, Hasher.Hash(Password));
        Assert.Equal(PasswordVerdict.Right, Hasher.Verify(hash, Password));
    }

    [Theory] // Made with OpenBSD's bcrypt as Debian's python3-bcrypt packs it; $2y$ is PHP's name for the same.
    [InlineData("$2b$06$abcdefghijklmnopqrstuu10cNU3mXRamSUZYs8I8M/Szu..qXq5K", Password)]
    [InlineData("$2y$06$abcdefghijklmnopqrstuu10cNU3mXRamSUZYs8I8M/Szu..qXq5K", Password)]
    [InlineData("$2a$06$abcdefghijklmnopqrstuu8D6li0cTTrYDLFZ1LO7.sDqHu8NUoDy", BeyondAscii)]
    public void A_bcrypt_hash_is_verified_and_called_outdated(string hash, string password)
    {
        Assert.Equal(PasswordVerdict.RightButOutdated, Hasher.Verify(hash, password));
        Assert.Equal(PasswordVerdict.Wrong, Hasher.Verify(hash, password + "!"));
    }

    [Fact]
    public void A_password_that_bcrypt_cut_off_is_not_rehashed_from_what_was_typed_after_the_cut()
    {
        const string hash = "$2b$06$abcdefghijklmnopqrstuueHLWckpI7Ut91D6aWthlKy4VKsT9yUG";

        Assert.Equal(PasswordVerdict.RightButOutdated, Hasher.Verify(hash, new string('x', 72)));
        Assert.Equal(PasswordVerdict.Right, Hasher.Verify(hash, new string('x', 72) + "-mistyped"));
    }

    [Theory] // PBKDF2-HMAC-SHA512 in Identity's version 3 layout: once by Python's hashlib, once by Identity itself.
    [InlineData("AQAAAAIAAAPoAAAAEDAxMjM0NTY3ODlhYmNkZWbltNbah7IMnIYk9yYSv6ZEMTXWCGmjNasMadI2FFejZg==")]
    [InlineData(null)]
    public void A_hash_of_ASP_NET_Core_Identity_is_verified_and_called_outdated(string? hash)
    {
        hash ??= new PasswordHasher<User>().HashPassword(new User(), Password);

        Assert.Equal(PasswordVerdict.RightButOutdated, Hasher.Verify(hash, Password));
        Assert.Equal(PasswordVerdict.Wrong, Hasher.Verify(hash, Password + "!"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("plain")]
    [InlineData("$argon2id$")]
    [InlineData("$argon2i$v=19$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$gy5SuVm5Z7Vw7keB9se9p87QGcomaseB/S2U1OhTsM0")]
    [InlineData("$argon2id$v=16$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$gy5SuVm5Z7Vw7keB9se9p87QGcomaseB/S2U1OhTsM0")]
    [InlineData("$argon2id$v=19$m=19456,t=2,p=4$MDEyMzQ1Njc4OWFiY2RlZg$gy5SuVm5Z7Vw7keB9se9p87QGcomaseB/S2U1OhTsM0")]
    [InlineData("$argon2id$v=19$m=4194304,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$gy5SuVm5Z7Vw7keB9se9p87QGcomaseB/S2U1OhTsM0")]
    [InlineData("$argon2id$v=19$m=19456,t=1000,p=1$MDEyMzQ1Njc4OWFiY2RlZg$gy5SuVm5Z7Vw7keB9se9p87QGcomaseB/S2U1OhTsM0")]
    [InlineData("$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$gy5SuVm5Z7Vw7keB9se9p87QGcomaseB/S2U1OhTsM0")]
    [InlineData("$argon2id$v=19$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg==$gy5SuVm5Z7Vw7keB9se9p87QGcomaseB/S2U1OhTsM0")]
    [InlineData("$argon2id$v=19$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$***")]
    [InlineData("$2b$31$abcdefghijklmnopqrstuu10cNU3mXRamSUZYs8I8M/Szu..qXq5K")]
    [InlineData("$2b$06$abc")]
    public void A_stored_text_that_is_no_hash_or_costs_too_much_never_matches_and_never_throws(string stored)
    {
        Assert.False(PasswordHasher.CanVerify(stored));
        Assert.Equal(PasswordVerdict.Wrong, Hasher.Verify(stored, Password));
    }

    [Fact]
    public void Whatever_is_stored_or_not_a_verification_is_one_computation()
    {
        var computed = 0L;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, me) =>
            {
                if (instrument.Meter.Scope == services.GetRequiredService<IMeterFactory>())
                {
                    me.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => computed += value);
        listener.Start();
        var hash = Hasher.Hash(Password);
        computed = 0;

        foreach (var stored in new[] { null, "no hash", hash })
        {
            Hasher.Verify(stored, "wrong password");
        }

        Assert.Equal(3, computed);
    }
}
