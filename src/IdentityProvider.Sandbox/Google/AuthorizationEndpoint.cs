using IdentityProvider.Sandbox.Google.Pages;
using Microsoft.AspNetCore.Http.HttpResults;

namespace IdentityProvider.Sandbox.Google;

/// <summary>A person's yes, waiting to be exchanged.</summary>
internal sealed record AuthorizationCode(AuthorizationRequest Request, GooglePerson Person);

/// <summary>
/// The screen on which a person chooses an account and consents, and its answer.
/// The request stays in the address and is checked again with the answer, so nothing is kept between the two.
/// </summary>
internal sealed class AuthorizationEndpoint(
    GoogleSettings settings, AuthorizationRequestReader reader, Issued<AuthorizationCode> codes)
{
    public IResult Ask(HttpContext http) => reader.Read(http.Request.Query) switch
    {
        AuthorizationReading.Good good => Page<ChooseAccount>(StatusCodes.Status200OK, new()
        {
            [nameof(ChooseAccount.ClientName)] = settings.ClientName,
            [nameof(ChooseAccount.Scopes)] = good.Request.Scopes,
            [nameof(ChooseAccount.LoginHint)] = good.Request.LoginHint,
        }),
        var refused => Refuse(refused),
    };

    public async Task<IResult> AnswerAsync(HttpContext http, CancellationToken cancellationToken)
    {
        if (reader.Read(http.Request.Query) is not AuthorizationReading.Good { Request: var request })
        {
            return Refuse(reader.Read(http.Request.Query));
        }

        var form = await http.Request.ReadFormAsync(cancellationToken);
        if (PersonIn(form) is not { Declines: false } person)
        {
            return Results.Redirect(request.Refusal("access_denied", "The person did not consent."));
        }

        var code = codes.Issue(new AuthorizationCode(request, person));
        return Results.Redirect(request.Answer(
        [
            new("code", code),
            new("scope", string.Join(' ', request.Scopes)),
            new("iss", settings.Issuer),
        ]));
    }

    // "Someone else" lets a developer, or a test, be anybody: same subject with a new address, same address with a new subject.
    private static GooglePerson? PersonIn(IFormCollection form) => form["account"].ToString() switch
    {
        "other" when form["other-subject"].ToString() is { Length: > 0 } subject => new GooglePerson(
            subject,
            form["other-name"].ToString() is { Length: > 0 } name ? name : "Someone Else",
            form["other-email"].ToString() is { Length: > 0 } email ? email : null,
            form["other-email-verified"] == "true",
            Note: ""),
        var subject => GooglePeople.Find(subject),
    };

    private static IResult Refuse(AuthorizationReading reading) => reading switch
    {
        AuthorizationReading.Refused refused => Results.Redirect(refused.Location),
        AuthorizationReading.Unsafe @unsafe => Page<RequestError>(@unsafe.Status, new()
        {
            [nameof(RequestError.Status)] = @unsafe.Status,
            [nameof(RequestError.Error)] = @unsafe.Error,
            [nameof(RequestError.Description)] = @unsafe.Description,
        }),
        var other => throw new InvalidOperationException($"Unhandled reading {other}."),
    };

    private static RazorComponentResult<TPage> Page<TPage>(int status, Dictionary<string, object?> parameters)
        where TPage : Microsoft.AspNetCore.Components.IComponent =>
        new(parameters) { StatusCode = status, PreventStreamingRendering = true };
}
