using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using IdentityProvider.Policies;

namespace IdentityProvider.Evaluation;

/// <summary>
/// Which of the API's permissions somebody may use at a resource (AuthZEN §8.6), in the order of their letters, a page at a time. A token says where the
/// last page ended and, by a digest, what it was a page of: nothing is kept here between two pages.
/// </summary>
internal static class ActionSearch
{
    // With policies each permission is decided about; a page that finds little must end, too.
    private const int MostLookedAt = 500;

    private const int DigestLength = 12;

    private static readonly string[] asked = ["subject", "resource", "context"];

    /// <returns>Null when the token belongs to another search.</returns>
    public static ActionPage? Find(Asked.Actions search, EvaluatedSubject subject, EvaluatedApi api)
    {
        if (search.Token is null)
        {
            return Find(search, subject, api, after: "");
        }

        return ReadToken(search) is { } after ? Find(search, subject, api, after) : null;
    }

    private static ActionPage Find(Asked.Actions search, EvaluatedSubject subject, EvaluatedApi api, string after)
    {
        // Without policies only a permission permits, and which of them somebody has is known at once.
        var candidates = api.Policies.IsEmpty ? subject.Access.Permissions : api.Grants?.Permissions ?? [];
        var found = new List<string>();
        var looked = 0;
        foreach (var name in candidates)
        {
            if (string.CompareOrdinal(name, after) <= 0)
            {
                continue;
            }

            if (found.Count == search.Limit || looked == MostLookedAt)
            {
                return new ActionPage(found, Token(search, after));
            }

            after = name;
            looked++;
            if (AccessDecision.On(search.Question with { Action = new ActionFacts(name, default) }, subject, api).IsPermitted)
            {
                found.Add(name);
            }
        }

        return new ActionPage(found, "");
    }

    private static string Token(Asked.Actions search, string after) => Base64Url.EncodeToString([.. DigestOf(search), .. Encoding.UTF8.GetBytes(after)]);

    private static string? ReadToken(Asked.Actions search)
    {
        var token = search.Token!;
        var bytes = new byte[Base64Url.GetMaxDecodedLength(token.Length)];
        return Base64Url.IsValid(token) && Base64Url.TryDecodeFromChars(token, bytes, out var length) && length > DigestLength && bytes.AsSpan(0, DigestLength).SequenceEqual(DigestOf(search))
            ? Encoding.UTF8.GetString(bytes, DigestLength, length - DigestLength)
            : null;
    }

    // §8.2: all but the token must be as it was.
    private static byte[] DigestOf(Asked.Actions search)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var member in asked)
        {
            hash.AppendData(search.Body.TryGetProperty(member, out var value) ? JsonMarshal.GetRawUtf8Value(value) : []);
            hash.AppendData([0]);
        }

        hash.AppendData(BitConverter.GetBytes(search.Limit));
        return hash.GetHashAndReset()[..DigestLength];
    }
}

/// <summary>A page of what was found.</summary>
/// <param name="NextToken">Empty when this was the last one.</param>
internal sealed record ActionPage(IReadOnlyList<string> Names, string NextToken);
