using System.Buffers.Text;
using System.Text.Json;

namespace IdentityProvider.Testing;

/// <summary>Reads a JWT without believing it.</summary>
public static class Jwt
{
    public static JsonElement HeaderOf(string token) => Part(token, 0);

    public static JsonElement PayloadOf(string token) => Part(token, 1);

    private static JsonElement Part(string token, int index) =>
        JsonDocument.Parse(Base64Url.DecodeFromChars(token.Split('.')[index])).RootElement;
}
