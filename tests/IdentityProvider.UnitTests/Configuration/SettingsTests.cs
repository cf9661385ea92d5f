using IdentityProvider.Configuration;
using IdentityProvider.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IdentityProvider.UnitTests.Configuration;

public sealed class SettingsTests
{
    private const string Good = "https://login.example.com";

    [Theory]
    [InlineData("IdentityProvider:Isuer", "x", "IdentityProvider:Isuer is not a setting; did you mean IdentityProvider:Issuer?")]
    [InlineData("IdentityProvider:Whatever", "x", "IdentityProvider:Whatever is not a setting; remove it.")]
    [InlineData("IdentityProvider:Database:ConectionString", "x", "IdentityProvider:Database:ConectionString is not a setting; did you mean IdentityProvider:Database:ConnectionString?")]
    [InlineData("IdentityProvider:Keys:Rotation:Period", "x", "IdentityProvider:Keys:Rotation is not a setting")]
    [InlineData("IdentityProvider:Keys", "x", "IdentityProvider:Keys is a section, not a value; set one of IdentityProvider:Keys:PublishLead")]
    [InlineData("IdentityProvider:Database:Provider", "Oracle", "IdentityProvider:Database:Provider is \"Oracle\"; use Sqlite or PostgreSql.")]
    [InlineData("IdentityProvider:Database:Provider", "1", "use Sqlite or PostgreSql")]
    [InlineData("IdentityProvider:Database:MigrateAtStart", "yes", "IdentityProvider:Database:MigrateAtStart is \"yes\"; write true or false.")]
    [InlineData("IdentityProvider:Database:Provider:0", "Sqlite", "IdentityProvider:Database:Provider takes one value, not a section.")]
    [InlineData("IdentityProvider:Keys:RotationPeriod", "90", "write a duration as hours:minutes:seconds")]
    [InlineData("IdentityProvider:Keys:RotationPeriod", "24:00:00", "write a duration as hours:minutes:seconds")]
    [InlineData("IdentityProvider:Keys:RotationPeriod", "00:05:00", "IdentityProvider:Keys:RotationPeriod is 00:05:00; give a value from 1.00:00:00 to 3650.00:00:00.")]
    [InlineData("IdentityProvider:Keys:PublishLead", "20:00:00", null)]
    [InlineData("IdentityProvider:Keys:RotationPeriod", "1.00:00:00", "IdentityProvider:Keys:PublishLead is 1.00:00:00, which is not shorter than IdentityProvider:Keys:RotationPeriod")]
    [InlineData("IdentityProvider:ForwardedHeaders:KnownProxies:0", "proxy.example", "has \"proxy.example\", which is no IP address")]
    [InlineData("IdentityProvider:ForwardedHeaders:KnownProxies", "10.0.0.1, 10.0.0.2", null)]
    [InlineData("IdentityProvider:ForwardedHeaders:KnownProxies:first", "10.0.0.1", "number the entries of IdentityProvider:ForwardedHeaders:KnownProxies from 0")]
    [InlineData("IdentityProvider:ForwardedHeaders:KnownNetworks:0", "10.0.0.0/33", "has \"10.0.0.0/33\", which is no network")]
    [InlineData("IdentityProvider:ForwardedHeaders:KnownNetworks:0", "10.0.0.0/8", null)]
    [InlineData("IdentityProvider:DataProtection:CertificatePath", "/nowhere/x.pfx", "IdentityProvider:DataProtection:CertificatePath names the file /nowhere/x.pfx, which does not exist")]
    [InlineData("IdentityProvider:DataProtection:CertificatePasswordFile", "/nowhere/x", "IdentityProvider:DataProtection:CertificatePasswordFile names the file /nowhere/x, which does not exist")]
    [InlineData("IdentityProvider:Declarations", "nowhere.json", "which does not exist; correct the path or remove the setting")]
    [InlineData("IdentityProvider:Declarations", "", null)]
    public void A_wrong_setting_is_told_by_its_key_and_a_remedy(string key, string value, string? sentence)
    {
        var problems = ProblemsOf("Production", ("IdentityProvider:Issuer", Good), (key, value));

        if (sentence is null)
        {
            Assert.Empty(problems);
        }
        else
        {
            Assert.Contains(sentence, Assert.Single(problems), StringComparison.Ordinal);
        }
    }

    [Theory] // OpenID Connect Discovery 1.0 §3, RFC 8414 §2
    [InlineData("", "IdentityProvider:Issuer is missing")]
    [InlineData("login.example.com", "which is no web address")]
    [InlineData("ftp://login.example.com", "which is no web address")]
    [InlineData("https://login.example.com/", "ends with a slash; write it as https://login.example.com.")]
    [InlineData("https://login.example.com/idp/", "ends with a slash; write it as https://login.example.com/idp.")]
    [InlineData("https://Login.example.com", "write it as https://login.example.com.")]
    [InlineData("https://login.example.com:443", "write it as https://login.example.com.")]
    [InlineData("https://login.example.com/a/../b", "write it as https://login.example.com/b.")]
    [InlineData("https://login.example.com?tenant=1", "must not have a user name, a query or a fragment; write https://login.example.com.")]
    [InlineData("https://login.example.com/#x", "must not have a user name, a query or a fragment; write https://login.example.com.")]
    [InlineData("https://me:secret@login.example.com", "must not have a user name, a query or a fragment; write https://login.example.com.")]
    [InlineData("http://login.example.com", "use https, or set IdentityProvider:AllowInsecureTransport to true")]
    public void An_issuer_that_clients_could_not_compare_is_refused(string issuer, string sentence) =>
        Assert.Contains(sentence, Assert.Single(ProblemsOf("Production", ("IdentityProvider:Issuer", issuer))), StringComparison.Ordinal);

    [Theory]
    [InlineData("Production", "https://login.example.com")]
    [InlineData("Production", "https://login.example.com:8443/idp")]
    [InlineData("Development", "http://localhost:5000")]
    public void A_good_issuer_is_taken_as_it_is(string environment, string issuer) =>
        Assert.Empty(ProblemsOf(environment, ("IdentityProvider:Issuer", issuer)));

    [Fact]
    public void Plain_http_in_production_is_a_decision_somebody_must_write_down() =>
        Assert.Empty(ProblemsOf("Production", ("IdentityProvider:Issuer", "http://10.0.0.5:8080"), ("IdentityProvider:AllowInsecureTransport", "true")));

    [Fact]
    public void Every_problem_is_told_at_once()
    {
        var problems = ProblemsOf("Production", ("IdentityProvider:Typo", "1"), ("IdentityProvider:Database:Provider", "PostgreSql"));

        Assert.Contains(problems, problem => problem.StartsWith("IdentityProvider:Issuer is missing", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.StartsWith("IdentityProvider:Typo", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.StartsWith("IdentityProvider:Database:ConnectionString is missing", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.StartsWith("IdentityProvider:DataProtection:CertificatePath is missing", StringComparison.Ordinal));
        Assert.Equal(4, problems.Count);
    }

    [Fact]
    public void A_connection_string_is_never_repeated()
    {
        var problem = Assert.Single(ProblemsOf("Production", ("IdentityProvider:Issuer", Good), ("IdentityProvider:Database:ConnectionString", "Hots=db;Password=hunter2")));

        Assert.StartsWith("IdentityProvider:Database:ConnectionString cannot be read as a SQLite connection string", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void The_environment_reaches_every_setting_with_double_underscores()
    {
        const string variable = "IdentityProvider__Database__MigrateAtStart";
        Environment.SetEnvironmentVariable(variable, "perhaps");
        try
        {
            var builder = CreateBuilder("Production", ("IdentityProvider:Issuer", Good));
            builder.Configuration.AddEnvironmentVariables();

            var refused = Assert.Throws<StartRefusedException>(() => IdentityProviderExtensions.AddCheckedFeatures(builder));

            Assert.Contains("IdentityProvider:Database:MigrateAtStart is \"perhaps\"", Assert.Single(refused.Sentences), StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable(variable, null);
        }
    }

    [Fact]
    public void Settings_reach_the_options_they_are_for()
    {
        var builder = CreateBuilder("Production",
            ("IdentityProvider:Issuer", Good),
            ("IdentityProvider:ForwardedHeaders:KnownProxies:0", "10.0.0.1"),
            ("IdentityProvider:ForwardedHeaders:KnownProxies:1", "10.0.0.2"));

        IdentityProviderExtensions.AddCheckedFeatures(builder);
        using var services = builder.Services.BuildServiceProvider();

        Assert.Equal(Good, services.GetRequiredService<IOptions<ProviderOptions>>().Value.Issuer);
        Assert.Equal(["10.0.0.1", "10.0.0.2"], services.GetRequiredService<IOptions<ForwardedHeadersSettings>>().Value.KnownProxies);
    }

    private static IReadOnlyList<string> ProblemsOf(string environment, params (string Key, string Value)[] settings)
    {
        try
        {
            IdentityProviderExtensions.AddCheckedFeatures(CreateBuilder(environment, settings));
            return [];
        }
        catch (StartRefusedException refused)
        {
            return refused.Sentences;
        }
    }

    private static WebApplicationBuilder CreateBuilder(string environment, params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        return builder;
    }
}
