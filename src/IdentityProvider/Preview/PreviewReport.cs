using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace IdentityProvider.Preview;

/// <summary>A preview as text for people.</summary>
internal static class PreviewReport
{
    private static readonly JsonSerializerOptions indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions inOneLine = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(PreviewedTokens tokens)
    {
        var text = new StringBuilder();
        Line(text, "Subject", tokens.Subject ?? "the client itself");
        Line(text, "Client", tokens.ClientId);
        Line(text, "Grant", tokens.GrantType ?? "none");
        if (tokens.Refusal is { } refusal)
        {
            Line(text, "Refused", $"{refusal.Error}: {refusal.Description}");
        }
        else
        {
            Line(text, "Scopes", string.Join(' ', tokens.Scopes));
            Line(text, "Refresh", tokens.RefreshToken ? "a refresh token comes along" : "no refresh token");
        }

        if (tokens.Consent is { } consent)
        {
            Line(text, "Consent", $"{(consent.Asked ? "asked" : "not asked")}. {consent.Reason}");
            foreach (var permission in consent.Permissions)
            {
                text.Append("            - ").AppendLine(permission);
            }
        }

        foreach (var note in tokens.Notes)
        {
            Line(text, "Note", note);
        }

        Token(text, "Access token", tokens.AccessToken);
        Token(text, "ID token", tokens.IdToken);
        Answer(text, "Userinfo", tokens.UserInfo);
        foreach (var answer in tokens.Introspection)
        {
            Answer(text, $"Introspection by {answer.ClientId} for {answer.Resource}", answer.Answer);
        }

        return text.ToString().TrimEnd();
    }

    private static void Line(StringBuilder text, string name, string value) => text.Append(name.PadRight(12)).AppendLine(value);

    private static void Token(StringBuilder text, string name, PreviewedToken? token)
    {
        if (token is not null)
        {
            text.AppendLine().Append(name).Append(CultureInfo.InvariantCulture, $", {token.Lifetime} seconds, ").AppendLine(token.Header.ToJsonString(inOneLine));
            text.AppendLine(token.Claims.ToJsonString(indented));
        }
    }

    private static void Answer(StringBuilder text, string name, JsonObject? answer)
    {
        if (answer is not null)
        {
            text.AppendLine().AppendLine(name);
            text.AppendLine(answer.ToJsonString(indented));
        }
    }
}
