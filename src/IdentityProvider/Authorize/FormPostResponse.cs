using System.Text.Encodings.Web;
using IdentityProvider.Protocol;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Http;
using OpenIddict.Server;
using OpenIddict.Server.AspNetCore;

using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace IdentityProvider.Authorize;

/// <summary>
/// The page of <c>response_mode=form_post</c>. The library's own submits itself with an inline script, which our Content-Security-Policy forbids;
/// ours loads the script from this server, and has a button for browsers without scripts.
/// </summary>
internal sealed class FormPostResponse(HtmlEncoder html) : IOpenIddictServerHandler<ApplyAuthorizationResponseContext>
{
    public static OpenIddictServerHandlerDescriptor BuiltIn => OpenIddictServerAspNetCoreHandlers.Authentication.ProcessFormPostResponse.Descriptor;

    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ApplyAuthorizationResponseContext>()
            .UseSingletonHandler<FormPostResponse>()
            .SetOrder(BuiltIn.Order)
            .Build();

    public async ValueTask HandleAsync(ApplyAuthorizationResponseContext context)
    {
        if (context.RedirectUri is not { Length: > 0 } redirectUri || context.ResponseMode != ResponseModes.FormPost)
        {
            return;
        }

        var http = context.Transaction.GetHttpRequest()!.HttpContext;
        var fields = from parameter in context.Response.GetParameters()
                     let value = (string?)parameter.Value
                     where !string.IsNullOrEmpty(value)
                     select $"""<input type="hidden" name="{html.Encode(parameter.Key)}" value="{html.Encode(value)}">""";
        var script = html.Encode(http.Request.PathBase + "/assets/form-post.js");
        var style = html.Encode(http.Request.PathBase + "/assets/idp.css");

        http.AllowFormAction([new Uri(redirectUri).GetLeftPart(UriPartial.Authority)]);
        http.Response.StatusCode = StatusCodes.Status200OK;
        http.Response.ContentType = "text/html;charset=UTF-8";
        http.Response.Headers.CacheControl = "no-store";
        await http.Response.WriteAsync($"""
            <!doctype html>
            <html lang="en">
            <head>
              <meta charset="utf-8">
              <meta name="viewport" content="width=device-width, initial-scale=1">
              <meta name="color-scheme" content="light dark">
              <title>Going on to the application</title>
              <link rel="stylesheet" href="{style}">
              <script src="{script}" defer></script>
            </head>
            <body class="page">
              <main class="page-main">
                <form method="post" action="{html.Encode(redirectUri)}">
                  {string.Join("\n      ", fields)}
                  <noscript>
                    <div class="card">
                      <div class="head-text">
                        <h1>Go on to the application</h1>
                        <p class="lead">One press takes you back to where you came from.</p>
                      </div>
                      <div class="actions"><button class="button button-primary" type="submit">Continue</button></div>
                    </div>
                  </noscript>
                </form>
              </main>
            </body>
            </html>
            """, context.CancellationToken);
        context.HandleRequest();
    }
}
