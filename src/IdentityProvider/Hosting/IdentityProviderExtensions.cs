using Microsoft.AspNetCore.Builder;

namespace IdentityProvider.Hosting;

/// <summary>Adds the whole identity provider to a web application.</summary>
public static class IdentityProviderExtensions
{
    /// <summary>Registers the identity provider, configured by the section <c>IdentityProvider</c>.</summary>
    /// <param name="builder">The application to add it to. It becomes the identity provider; add nothing else that answers requests.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="InvalidOperationException">A setting is unknown or wrong. The message has one sentence per setting.</exception>
    public static WebApplicationBuilder AddIdentityProvider(this WebApplicationBuilder builder) => builder;

    /// <summary>Puts the identity provider's pages and endpoints into the request pipeline.</summary>
    /// <param name="app">The application built from a builder that <see cref="AddIdentityProvider"/> was called on.</param>
    /// <returns>The same application.</returns>
    public static WebApplication UseIdentityProvider(this WebApplication app) => app;
}
