using System.Text;
using IdentityProvider.Configuration;
using IdentityProvider.Pages;
using IdentityProvider.Protocol;
using Microsoft.Extensions.Options;
using Xunit;

namespace IdentityProvider.UnitTests.Pages;

public class AssetsTests
{
    [Fact]
    public void An_address_carries_the_version_of_its_content_and_the_path_of_the_issuer()
    {
        var assets = AssetsAt("https://id.example.com/tenant");

        Assert.Equal($"/tenant/assets/idp.css?v={assets.Find("idp.css")!.Version}", assets.Url("idp.css"));
        Assert.StartsWith("/assets/", AssetsAt("https://id.example.com").Url("idp.css"), StringComparison.Ordinal);
    }

    [Fact]
    public void Another_content_has_another_version() =>
        Assert.NotEqual(Asset.From("a", [1], "text/plain").Version, Asset.From("a", [2], "text/plain").Version);

    [Theory]
    [InlineData("idp.css", "text/css")]
    [InlineData("form-post.js", "text/javascript")]
    [InlineData("favicon.svg", "image/svg+xml")]
    public void Every_asset_has_the_content_type_that_nosniff_demands(string name, string contentType) =>
        Assert.Equal(contentType, AssetsAt("https://id.example.com").Find(name)!.ContentType);

    [Theory]
    [InlineData("../appsettings.json")]
    [InlineData("IDP.css")]
    [InlineData("")]
    public void Nothing_but_the_assets_can_be_found(string name) =>
        Assert.Null(AssetsAt("https://id.example.com").Find(name));

    [Fact]
    public void The_style_sheet_asks_nobody_else_for_anything()
    {
        var css = Encoding.UTF8.GetString(AssetsAt("https://id.example.com").Find("idp.css")!.Content.Span);

        Assert.DoesNotContain("url(", css, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("@import", css, StringComparison.OrdinalIgnoreCase);
    }

    private static Assets AssetsAt(string issuer) => new(new Issuer(Options.Create(new ProviderOptions { Issuer = issuer })));
}
