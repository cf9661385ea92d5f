using System.Text.Json;
using IdentityProvider.Claims;
using IdentityProvider.Scopes;

namespace IdentityProvider.UnitTests.Claims;

/// <summary>What a mapping makes of the values of its source.</summary>
public sealed class MappedValueTests
{
    [Theory]
    [InlineData("", """["Ann"]""", "\"Ann\"")]
    [InlineData("", "[7]", "\"7\"")]
    [InlineData("", "[true]", "\"true\"")]
    [InlineData(""" , "prefix": "u:", "lowercase": true """, """["ANN"]""", "\"u:ann\"")]
    [InlineData(""" , "type": "number" """, """["42"]""", "42")]
    [InlineData(""" , "type": "number" """, """["-1.5"]""", "-1.5")]
    [InlineData(""" , "type": "number" """, """["1e999"]""", null)]
    [InlineData(""" , "type": "number" """, """["many"]""", null)]
    [InlineData(""" , "type": "number" """, """["NaN"]""", null)]
    [InlineData(""" , "type": "number" """, "[true]", null)]
    [InlineData(""" , "type": "boolean" """, """["true"]""", "true")]
    [InlineData(""" , "type": "boolean" """, """["yes"]""", null)]
    [InlineData(""" , "type": "boolean" """, "[false]", "false")]
    [InlineData(""" , "type": "object" """, """["{\"a\":[1]}"]""", """{"a":[1]}""")]
    [InlineData(""" , "type": "object" """, """["[1]"]""", null)]
    [InlineData(""" , "type": "object" """, """["{ not JSON"]""", null)]
    [InlineData(""" , "type": "array" """, """["Ann"]""", """["Ann"]""")]
    [InlineData(""" , "type": "array", "prefix": "x-" """, """["a","b"]""", """["x-a","x-b"]""")]
    [InlineData(""" , "type": "array" """, "[1]", null)]
    [InlineData(""" , "values": { "a": "first", "b": "second" } """, """["b","a"]""", "\"first\"")]
    [InlineData(""" , "values": { "a": "first" } """, """["b"]""", null)]
    [InlineData(""" , "values": { "A": "first" } """, """["a"]""", null)]
    [InlineData(""" , "values": { "a": "first" }, "lowercase": true """, """["A"]""", "\"first\"")]
    [InlineData(""" , "type": "number", "values": { "a": 1, "b": 2 } """, """["b"]""", "2")]
    [InlineData(""" , "values": { "true": "yes" } """, "[true]", "\"yes\"")]
    [InlineData("", "[]", null)]
    public void A_value_has_the_type_that_is_wanted_or_there_is_none(string options, string found, string? expected)
    {
        var mapping = ClaimMappings.Read(JsonDocument.Parse($$"""{ "claim": "c", "from": "user.nickname", "in": ["id_token"] {{options}} }""").RootElement);

        var (value, leftOut) = MappedValue.Of(mapping, [.. JsonDocument.Parse(found).RootElement.EnumerateArray()]);

        Assert.Equal(expected, value?.GetRawText());
        Assert.Equal(expected is null, leftOut is not null);
    }

    [Fact]
    public void A_large_value_is_left_out()
    {
        var mapping = ClaimMappings.Read(JsonDocument.Parse("""{ "claim": "c", "from": "user.nickname", "in": ["id_token"] }""").RootElement);

        Assert.Equal((null, "it has more than 2048 bytes"), MappedValue.Of(mapping, [JsonSerializer.SerializeToElement(new string('x', 2047))]));
        Assert.NotNull(MappedValue.Of(mapping, [JsonSerializer.SerializeToElement(new string('x', 2046))]).Value);
    }
}
