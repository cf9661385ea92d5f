using IdentityProvider.Pages;
using OpenIddict.Abstractions;
using Xunit;

namespace IdentityProvider.UnitTests.Pages;

public class ErrorTextTests
{
    [Fact]
    public void Every_status_and_error_has_a_title_and_an_advice()
    {
        var errors = typeof(OpenIddictConstants.Errors).GetFields().Select(field => (string?)field.GetValue(null)).Append(null);

        foreach (var error in errors)
        {
            foreach (var status in Enumerable.Range(400, 200))
            {
                var text = ErrorText.For(status, error);
                Assert.False(string.IsNullOrWhiteSpace(text.Title));
                Assert.False(string.IsNullOrWhiteSpace(text.Advice));
            }
        }
    }

    [Fact]
    public void A_refused_request_of_an_application_is_told_from_a_fault_of_ours()
    {
        Assert.Contains("application", ErrorText.For(400, OpenIddictConstants.Errors.InvalidRequest).Title, StringComparison.Ordinal);
        Assert.Contains("our side", ErrorText.For(500, error: null).Title, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_page_is_called_that() =>
        Assert.Equal("This page does not exist", ErrorText.For(404, error: null).Title);
}
