using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace IdentityProvider.Testing;

/// <summary>One response as a browser without scripts sees it.</summary>
public sealed class Page
{
    internal Page(Uri url, HttpStatusCode status, IReadOnlyDictionary<string, string> headers, string body)
    {
        (Url, Status, Headers, Body) = (url, status, headers, body);
        Document = new HtmlParser().ParseDocument(body);
    }

    public Uri Url { get; }

    public HttpStatusCode Status { get; }

    /// <summary>Response headers by name, several values joined by a comma.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; }

    public string Body { get; }

    public IHtmlDocument Document { get; }

    /// <summary>Where the response redirects to, or null.</summary>
    public Uri? Location => (int)Status is >= 300 and < 400 && Headers.TryGetValue("Location", out var location) ? new Uri(Url, location) : null;

    /// <summary>The parameters in the query of <see cref="Location"/>, decoded.</summary>
    public IReadOnlyDictionary<string, string> LocationQuery => Wire.ParseQuery(Required(Location, "a redirect").Query);

    /// <summary>The parameters in the fragment of <see cref="Location"/>, decoded.</summary>
    public IReadOnlyDictionary<string, string> LocationFragment => Wire.ParseQuery(Required(Location, "a redirect").Fragment);

    /// <summary>The visible text of the page.</summary>
    public string Text => Document.Body?.TextContent ?? "";

    public bool Has(string id) => Document.GetElementById(id) is not null;

    public IElement Element(string id) => Required(Document.GetElementById(id), $"an element #{id}");

    /// <summary>The words of the element with this id, white space collapsed.</summary>
    public string TextOf(string id) => string.Join(' ', Element(id).TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    /// <summary>The fields a press of this button would send, and where to.</summary>
    internal (HttpMethod Method, Uri Action, List<KeyValuePair<string, string>> Fields) Press(string button, IReadOnlyDictionary<string, string> values)
    {
        var pressed = Element(button);
        var form = Required(pressed.Closest("form") as IHtmlFormElement ?? FormNamedBy(pressed), $"a form around #{button}");
        List<KeyValuePair<string, string>> fields = [];
        foreach (var control in form.Elements.Where(control => !control.HasAttribute("disabled")))
        {
            var name = control.GetAttribute("name");
            if (!string.IsNullOrEmpty(name) && ValueOf(control, pressed) is { } value)
            {
                fields.Add(new(name, value));
            }
        }

        foreach (var (name, value) in values)
        {
            var known = fields.RemoveAll(field => field.Key == name) > 0 || form.Elements.Any(control => control.GetAttribute("name") == name);
            Assert.True(known, $"The form of #{button} has no field '{name}': {form.OuterHtml}");
            fields.Add(new(name, value));
        }

        var action = new Uri(Url, pressed.GetAttribute("formaction") ?? form.GetAttribute("action") ?? Url.PathAndQuery);
        return (string.Equals(form.GetAttribute("method"), "post", StringComparison.OrdinalIgnoreCase) ? HttpMethod.Post : HttpMethod.Get,
            action, fields);
    }

    public override string ToString() => $"{(int)Status} {Url} {Location}\n{Body}";

    private IHtmlFormElement? FormNamedBy(IElement pressed) =>
        pressed.GetAttribute("form") is { } id ? Document.GetElementById(id) as IHtmlFormElement : null;

    private static string? ValueOf(IElement control, IElement pressed) => control switch
    {
        IHtmlButtonElement when control != pressed => null,
        IHtmlButtonElement button => button.GetAttribute("value") ?? "",
        IHtmlInputElement { Type: "submit" or "button" or "reset" or "image" or "file" } when control != pressed => null,
        IHtmlInputElement { Type: "checkbox" or "radio" } box => box.IsChecked ? box.GetAttribute("value") ?? "on" : null,
        IHtmlInputElement input => input.Value,
        IHtmlTextAreaElement area => area.Value,
        IHtmlSelectElement select => select.Value,
        _ => null,
    };

    private T Required<T>(T? value, string what) where T : class
    {
        Assert.True(value is not null, $"Expected {what} in the answer:\n{this}");
        return value;
    }
}
