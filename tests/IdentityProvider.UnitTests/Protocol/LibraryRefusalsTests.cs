using System.Resources;
using IdentityProvider.Protocol;
using OpenIddict.Abstractions;

namespace IdentityProvider.UnitTests.Protocol;

public sealed class LibraryRefusalsTests
{
    private static readonly HashSet<string> TheLibrarys = [.. Texts()];

    [Fact] // A new version of the library that says something in other words is noticed here.
    public void Every_sentence_of_the_table_is_one_of_the_library() =>
        Assert.All(LibraryRefusals.Sentences, sentence => Assert.True(
            TheLibrarys.Contains(sentence) || TheLibrarys.Contains(General(sentence)), $"The library does not say: {sentence}"));

    [Fact] // AZ50, TK25: RFC 6749 §5.2
    public void What_a_client_is_told_is_legal_and_in_plain_words() =>
        Assert.All(LibraryRefusals.Sentences, sentence =>
        {
            var (rule, description) = LibraryRefusals.Find(sentence.Replace("{0}", "some_parameter", StringComparison.Ordinal)
                .Replace("{1}", "another", StringComparison.Ordinal).Replace("{2}", "third", StringComparison.Ordinal))!.Value;
            Assert.Matches("^[a-z_]+\\.[a-z_]+$", rule);
            Assert.Matches(@"^[\x20-\x21\x23-\x5B\x5D-\x7E]+\.$", description);
            Assert.DoesNotMatch("OpenIddict|ID2|specified|mandatory|\\{", description);
        });

    [Theory]
    [InlineData("The mandatory 'grant_type' parameter is missing.", "grant_type.missing", "The grant_type parameter is missing.")]
    [InlineData("The specified 'code_verifier' is invalid.", "pkce.verifier", "The code_verifier does not belong to the code_challenge of the authorization request.")]
    [InlineData("The specified 'nonce' is invalid.", "nonce.invalid", "The value of the nonce parameter is not valid.")]
    [InlineData("A parameter was sent more than once.", "parameter.repeated", "A parameter was sent more than once.")]
    public void A_sentence_of_the_library_becomes_a_rule_and_a_sentence_of_ours(string sentence, string rule, string description) =>
        Assert.Equal((rule, description), LibraryRefusals.Find(sentence));

    [Fact]
    public void A_sentence_of_somebody_else_stays_as_it_is() => Assert.Null(LibraryRefusals.Find("The user's name is 'alice'."));

    private static string General(string sentence)
    {
        var index = 0;
        return System.Text.RegularExpressions.Regex.Replace(sentence, "'[a-z_]+'", _ => $"'{{{index++}}}'");
    }

    private static IEnumerable<string> Texts()
    {
        var resources = new ResourceManager("OpenIddict.Abstractions.OpenIddictResources", typeof(OpenIddictConstants).Assembly)
            .GetResourceSet(System.Globalization.CultureInfo.InvariantCulture, createIfNotExists: true, tryParents: true)!;
        return resources.Cast<System.Collections.DictionaryEntry>().Select(entry => entry.Value).OfType<string>();
    }
}
