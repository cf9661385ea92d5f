namespace IdentityProvider.Sandbox.Google;

/// <summary>Somebody who can sign in at the stand-in.</summary>
/// <param name="Subject">What Google calls the person for ever: a decimal number, as a string.</param>
/// <param name="EmailVerified">Absent: the claim is left out, as some providers do.</param>
/// <param name="Declines">Whoever picks this person says no on the consent screen.</param>
internal sealed record GooglePerson(
    string Subject, string Name, string? Email, bool? EmailVerified, string Note, bool Declines = false)
{
    public string GivenName => Name.Split(' ')[0];

    public string? FamilyName => Name.IndexOf(' ') is var space and > 0 ? Name[(space + 1)..] : null;

    public string Initial => Name[..1];
}

/// <summary>The people of the stand-in, one for each way a sign-in with Google can go.</summary>
internal static class GooglePeople
{
    public static IReadOnlyList<GooglePerson> All { get; } =
    [
        new("110000000000000000001", "Grace Newman", "grace@mail.sandbox.example", true, "new here, with a verified address"),
        new("110000000000000000002", "Alice Example", "alice@sandbox.example", true, "her address belongs to the local account alice"),
        new("110000000000000000003", "Umberto Vago", "umberto@mail.sandbox.example", false, "his address is not verified"),
        new("110000000000000000004", "Selma Still", "selma@mail.sandbox.example", null, "nothing is said about her address being verified"),
        new("110000000000000000005", "Noor", null, null, "shares no address at all"),
        new("110000000000000000006", "Carl Cancel", "carl@mail.sandbox.example", true, "says no on the consent screen", Declines: true),
    ];

    public static GooglePerson? Find(string subject) => All.FirstOrDefault(person => person.Subject == subject);
}
