using System.Text;
using CsCheck;

namespace IdentityProvider.IntegrationTests.Fuzz;

/// <summary>One thing that is wrong with a request that would be right without it.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="At">Which parameter it is done to, counted round.</param>
/// <param name="Text">With what.</param>
internal sealed record Mutation(MutationKind Kind, int At, string Text)
{
    /// <summary>What strangers send: for parsers, for pages, for databases, for addresses.</summary>
    private static readonly string[] nasty =
    [
        "", " ", "\0", "a\0b", "\r\nSet-Cookie: a=b", "\t", "\u001b[31m", "\u007f", "%", "%0", "%zz", "%00", "%u0041", "+", "&", "=", "[]", "{}", "null", "true", "-1",
        "0", "99999999999999999999", "1e400", "NaN", "[1,2", "{\"a\":", "{\"id_token\":{\"sub\":null},\"userinfo\":5}", "{\"id_token\":[]}",
        Marker, "\"><img src=x onerror=alert(1)>", "javascript:alert(1)", "data:text/html,x", "//evil.example/", "/\\evil.example", "https://evil.example/",
        "https://app.example/callback/../evil", "https://app.example@evil.example/callback", "http://169.254.169.254/", "file:///etc/passwd", "urn:ietf:params:oauth:request_uri:x",
        "' OR '1'='1", "\"; DROP TABLE \"Users\"; --", "../../../../etc/passwd", "{0}{1}%s%n", "\ud800", "\udfff", "\ufffe", "\u202e", "e\u0301\u0301\u0301", "😀",
        "openid openid openid", "none login", "code code", "code token id_token none", "eyJhbGciOiJub25lIn0.e30.", "a.b.c", "a.b.c.d.e", "....", "Bearer x",
        new string('a', 300), new string('a', 5_000), new string('\u00e9', 2_000), string.Concat(Enumerable.Repeat("a ", 2_000)),
    ];

    /// <summary>Must never come back unescaped.</summary>
    public const string Marker = "<script>alert('fuzz')</script>";

    private static readonly string[] names =
    [
        "client_id", "client_secret", "redirect_uri", "scope", "state", "nonce", "prompt", "max_age", "response_type", "response_mode", "request", "request_uri", "claims",
        "code", "code_verifier", "code_challenge", "code_challenge_method", "resource", "audience", "token", "token_type_hint", "access_token", "refresh_token", "grant_type",
        "username", "password", "assertion", "client_assertion", "client_assertion_type", "subject_token", "subject_token_type", "actor_token", "device_code", "user_code",
        "id_token_hint", "login_hint", "acr_values", "ui_locales", "display", "pending", "registration", "error", "iss", "post_logout_redirect_uri", "logout_hint", "__proto__", "a[]", "",
    ];

    private static readonly string[] contentTypes =
    [
        "", "text/plain", "application/json", "multipart/form-data", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded; charset=utf-16",
        "application/x-www-form-urlencoded; charset=\"", "application/xml", "x", "application/x-www-form-urlencoded;;;;",
    ];

    private static readonly HttpMethod[] methods =
        [HttpMethod.Get, HttpMethod.Post, HttpMethod.Put, HttpMethod.Delete, HttpMethod.Head, HttpMethod.Options, HttpMethod.Patch, new("PROPFIND"), new("get")];

    private static readonly Gen<string> text = Gen.OneOf(
        Gen.OneOfConst(nasty), Gen.OneOfConst(nasty), Gen.OneOfConst(names), Gen.String[0, 60], Gen.Char.Array[1, 12].Select(characters => new string(characters)));

    public static Gen<Mutation> Any { get; } =
        from kind in Gen.Enum<MutationKind>()
        from at in Gen.Int[0, 31]
        from value in text
        select new Mutation(kind, at, value);

    public Attempt Apply(Attempt attempt) => Kind switch
    {
        MutationKind.Drop when attempt.Parameters.Count > 0 => With(attempt, list => list.RemoveAt(Index(attempt))),
        MutationKind.Repeat when attempt.Parameters.Count > 0 => With(attempt, list => list.Add(list[Index(attempt)])),
        MutationKind.RepeatOtherwise when attempt.Parameters.Count > 0 => With(attempt, list => list.Add(KeyValuePair.Create(list[Index(attempt)].Key, Text))),
        MutationKind.Replace when attempt.Parameters.Count > 0 => With(attempt, list => list[Index(attempt)] = KeyValuePair.Create(list[Index(attempt)].Key, Text)),
        MutationKind.Prefix when attempt.Parameters.Count > 0 => With(attempt, list => list[Index(attempt)] = KeyValuePair.Create(list[Index(attempt)].Key, Text + list[Index(attempt)].Value)),
        MutationKind.Append when attempt.Parameters.Count > 0 => With(attempt, list => list[Index(attempt)] = KeyValuePair.Create(list[Index(attempt)].Key, list[Index(attempt)].Value + Text)),
        MutationKind.Rename when attempt.Parameters.Count > 0 => With(attempt, list => list[Index(attempt)] = KeyValuePair.Create(list[Index(attempt)].Key.ToUpperInvariant(), list[Index(attempt)].Value)),
        MutationKind.AsArray when attempt.Parameters.Count > 0 => With(attempt, list => list[Index(attempt)] = KeyValuePair.Create(list[Index(attempt)].Key + "[]", list[Index(attempt)].Value)),
        MutationKind.Swap when attempt.Parameters.Count > 1 => With(attempt, list =>
        {
            var (one, other) = (Index(attempt), (Index(attempt) + 1) % list.Count);
            (list[one], list[other]) = (KeyValuePair.Create(list[one].Key, list[other].Value), KeyValuePair.Create(list[other].Key, list[one].Value));
        }),
        MutationKind.Add => With(attempt, list => list.Add(KeyValuePair.Create(names[At % names.Length], Text))),
        MutationKind.ReplaceRaw when attempt.Parameters.Count > 0 =>
            With(attempt, list => list[Index(attempt)] = KeyValuePair.Create(list[Index(attempt)].Key, Text)) with { Escaped = false },
        MutationKind.Authorization => attempt with { Authorization = HeaderText() },
        MutationKind.NoAuthorization => attempt with { Authorization = null },
        MutationKind.ContentType => attempt with { ContentType = contentTypes[At % contentTypes.Length] },
        MutationKind.Method => attempt with { Method = methods[At % methods.Length] },
        MutationKind.Junk when attempt.Method == HttpMethod.Post => attempt with { Body = Encoding.UTF8.GetBytes(Text + "&" + Text + "=%" + Text) },
        MutationKind.JunkBytes when attempt.Method == HttpMethod.Post => attempt with { Body = [.. Enumerable.Range(0, 200).Select(number => (byte)(number * (At + 1)))] },
        _ => attempt,
    };

    /// <summary>Whether a part that decides was changed: then nothing may be given.</summary>
    public static bool IsDecisive(Attempt before, Attempt after) =>
        after.Authorization != before.Authorization || after.Method != before.Method || after.Body is not null
        || before.Decisive.Any(name => !Values(before, name).SequenceEqual(Values(after, name)));

    private static IEnumerable<string> Values(Attempt attempt, string name) =>
        attempt.Parameters.Where(parameter => parameter.Key == name).Select(parameter => parameter.Value);

    private int Index(Attempt attempt) => At % attempt.Parameters.Count;

    private string HeaderText() => (At % 4) switch
    {
        0 => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(Text)),
        1 => "Basic " + Printable(),
        2 => "Bearer " + Printable(),
        _ => Printable(),
    };

    private string Printable() => new([.. Text.Where(character => character is > '\x1f' and < '\x7f')]);

    private static Attempt With(Attempt attempt, Action<List<KeyValuePair<string, string>>> change)
    {
        var list = attempt.Parameters.ToList();
        change(list);
        return attempt with { Parameters = list };
    }
}

/// <summary>What is done to a request.</summary>
internal enum MutationKind
{
    Drop,
    Repeat,
    RepeatOtherwise,
    Replace,
    Prefix,
    Append,
    Rename,
    AsArray,
    Swap,
    Add,
    ReplaceRaw,
    Authorization,
    NoAuthorization,
    ContentType,
    Method,
    Junk,
    JunkBytes,
}
