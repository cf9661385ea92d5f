using System.Security.Claims;
using OpenIddict.Server.DataProtection;

namespace IdentityProvider.Claims;

/// <summary>
/// How codes and refresh tokens are written before they are encrypted and stored: their claims one after the other, with a number for each well-known
/// name. The library's own format sorts claims into properties and JSON and back, which costs several times as much and is twice as long.
/// </summary>
internal sealed class StoredTokenFormat : IOpenIddictServerDataProtectionFormatter
{
    // The library's format begins with another number.
    private const int Version = 1001;

    // Their places are stored: what is new goes to the end, and nothing is taken away.
    private static readonly Vocabulary types = new(
        ClaimNames.Subject, PrincipalFactory.SessionIdClaim, ClaimNames.AuthenticationContextReference, ClaimNames.AuthenticationMethodReference,
        ClaimNames.AuthenticationTime, ClaimNames.Private.Scope, ClaimNames.Private.Resource, ClaimNames.Private.Audience, ClaimNames.Private.Presenter,
        ClaimNames.Private.AuthorizationId, ClaimNames.Private.TokenId, ClaimNames.Private.TokenType, ClaimNames.Private.CreationDate,
        ClaimNames.Private.ExpirationDate, ClaimNames.Private.RefreshTokenLifetime, ClaimNames.Private.CodeChallenge,
        ClaimNames.Private.CodeChallengeMethod, ClaimNames.Private.RedirectUri, ClaimNames.Private.Nonce, PrincipalFactory.IdTokenClaimsClaim,
        Data.GrantManager.UserInfoClaimsClaim, PrincipalFactory.SectorSubjectClaim);

    private static readonly Vocabulary valueTypes = new(
        ClaimValueTypes.String, ClaimValueTypes.Integer64, ClaimValueTypes.Integer, ClaimValueTypes.Boolean, "JSON", "JSON_ARRAY");

    private readonly OpenIddictServerDataProtectionFormatter earlier = new();

    /// <exception cref="InvalidDataException">It is in neither format.</exception>
    public ClaimsPrincipal ReadToken(BinaryReader reader)
    {
        if (reader.ReadInt32() != Version)
        {
            // Stored before this format was: the library reads its own.
            reader.BaseStream.Seek(-sizeof(int), SeekOrigin.Current);
            return earlier.ReadToken(reader);
        }

        var claims = new Claim[reader.Read7BitEncodedInt()];
        for (var index = 0; index < claims.Length; index++)
        {
            claims[index] = new Claim(types.Read(reader), reader.ReadString(), valueTypes.Read(reader));
        }

        return PrincipalFactory.ForStoredToken(claims);
    }

    public void WriteToken(BinaryWriter writer, ClaimsPrincipal principal)
    {
        writer.Write(Version);
        var claims = principal.Claims.ToList();
        writer.Write7BitEncodedInt(claims.Count);
        foreach (var claim in claims)
        {
            types.Write(writer, claim.Type);
            writer.Write(claim.Value);
            valueTypes.Write(writer, claim.ValueType);
        }
    }

    /// <summary>Words that are written as numbers; any other word is written after a zero.</summary>
    private sealed class Vocabulary(params string[] words)
    {
        private readonly Dictionary<string, byte> numbers = words.Select((word, index) => (word, index)).ToDictionary(pair => pair.word, pair => (byte)(pair.index + 1));

        public void Write(BinaryWriter writer, string word)
        {
            var number = numbers.GetValueOrDefault(word);
            writer.Write(number);
            if (number == 0)
            {
                writer.Write(word);
            }
        }

        public string Read(BinaryReader reader) => reader.ReadByte() switch
        {
            0 => reader.ReadString(),
            var number when number <= words.Length => words[number - 1],
            _ => throw new InvalidDataException("A token was stored by a newer version of this program."),
        };
    }
}
