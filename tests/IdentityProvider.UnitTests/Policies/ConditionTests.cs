using System.Diagnostics;
using System.Text;
using System.Text.Json;
using IdentityProvider.Policies;
using IdentityProvider.Policies.Conditions;

namespace IdentityProvider.UnitTests.Policies;

/// <summary>What conditions are accepted, and what becomes of them.</summary>
public sealed class ConditionTests
{
    private static readonly EvaluationFacts facts = new(
        new SubjectFacts("user", "u1", Json("""{"region":"eu","level":2}"""), ["editor"], ["newsroom"], ["posts.create", "posts.edit-own"]),
        new ActionFacts("edit", default),
        new ResourceFacts("posts", "p1", Json("""{"owner":"u1","editor":null,"region":"eu","size":12,"tags":["a","b"],"mixed":[1,"a"],"numbers":[1,2.5]}""")),
        Json("""{"ip":"10.1.2.3","hour":9,"share":0.5,"whole":2.0,"none":null,"big":99999999999999999999,"huge":1e400,"other":"u1","nested":{"on":true},"time":"2026-11-27T08:00:00Z"}"""),
        new DateTime(2026, 11, 27, 8, 30, 0, DateTimeKind.Utc));

    [Theory]
    [InlineData("""resource.properties.owner == subject.id && "posts.edit-own" in subject.permissions""", true)]
    [InlineData("""resource.properties["owner"] == "u2" """, false)]
    [InlineData("""subject.type == "user" && resource.type == "posts" && resource.id != "p2" """, true)]
    [InlineData("""now.getHours() == 8 && now.getHours("Europe/Berlin") == 9 && now.getDayOfWeek("Europe/Berlin") == 5 && now.getMonth() == 10""", true)]
    [InlineData("""now > timestamp("2026-01-01T00:00:00Z") && now - timestamp(context.time) == duration("30m")""", true)]
    [InlineData("""now + duration("1h30m") < timestamp("2026-11-27T10:00:00+01:00")""", false)]
    [InlineData("""cidr("10.0.0.0/8").containsIP(context.ip) && !cidr("192.168.0.0/16").containsIP(context.ip)""", true)]
    [InlineData("""[cidr("2001:db8::/32"), cidr("10.0.0.0/8")].exists(network, network.containsIP(context.ip))""", true)]
    [InlineData("""has(resource.properties.owner) && !has(resource.properties.nobody)""", true)]
    [InlineData("""resource.properties.editor == null && resource.properties.owner != null""", true)]
    [InlineData("""context.hour + 1 == 10 && context.share * 2.0 == 1.0 && context.hour / 2 == 4 && -context.hour % 4 == -1""", true)]
    [InlineData("""context.hour < 9.5 && context.whole == 2 && 9007199254740993 > 9007199254740992.0""", true)]
    [InlineData("""resource.properties.tags.exists(tag, tag == "b") && resource.properties.tags.all(tag, tag.size() == 1)""", true)]
    [InlineData("""resource.properties.tags.filter(tag, tag != "b").size() == 1 && resource.properties.tags.exists_one(tag, tag in ["b", "c"])""", true)]
    [InlineData("""resource.properties.tags[1] == "b" && "owner" in resource.properties""", true)]
    [InlineData("""context.nested.on ? subject.properties.level >= 2 : false""", true)]
    [InlineData("""subject.id.startsWith("u") && subject.id.endsWith("1") && "AbÄ".lowerAscii() == "abÄ" && ("a" + "b").contains("b")""", true)]
    [InlineData("// Words to the reader.\n true // and more", true)]
    // What cannot be known does not matter where something else decides.
    [InlineData("""context.missing == 1 || true""", true)]
    [InlineData("""context.missing == 1 && false""", false)]
    public void Conditions_hold_or_do_not(string text, bool holds) => Assert.Equal(new ConditionOutcome(holds, null), Evaluate(text));

    [Theory]
    [InlineData("context.missing == 1", "There is no context.missing.")]
    [InlineData("context.missing == 1 || false", "There is no context.missing.")]
    [InlineData("context.nested.off.deep", "There is no context.nested.off.")]
    [InlineData("context.ip.address == 1", "context.ip is a string and has no members.")]
    [InlineData("resource.properties.owner == 1", "a string and a int cannot be compared.")]
    [InlineData("context.hour == \"9\"", "a int and a string cannot be compared.")]
    [InlineData("1 / (context.hour - 9) == 1", "divided by zero")]
    [InlineData("1 % (context.hour - 9) == 1", "divided by zero")]
    [InlineData("0.0 / (context.share - 0.5) == 1.0", "no number")]
    // Null has no order, and two attributes that are both null have nothing in common.
    [InlineData("context.none > 1", "a null and a int")]
    [InlineData("context.none == resource.properties.editor", "a null and a null cannot be compared")]
    [InlineData("context.none == 1", "a null and a int cannot be compared")]
    [InlineData("!context.none", "there is no ! of a null")]
    [InlineData("context.none && true", "is a null and not a bool")]
    [InlineData("context.none in subject.roles", "a null is not looked for")]
    [InlineData("\"a\" in context.none", "not looked for in a null")]
    [InlineData("\"b\" in resource.properties.mixed", "cannot be compared with the int")]
    [InlineData("resource.properties.numbers.exists(x, x == \"a\")", "cannot be compared")]
    [InlineData("resource.properties.mixed.all(x, x == 1)", "cannot be compared")]
    [InlineData("context.ip.exists(x, true)", "is a string and not a list")]
    [InlineData("context.hour + 9223372036854775807 > 0", "too large")]
    [InlineData("context.hour * -9223372036854775807 > 0", "too large")]
    [InlineData("context.big > 0", "too large")]
    [InlineData("context.huge > 0.0", "too large")]
    [InlineData("context.hour + 0.5 > 1.0", "there is no + of a int and a double")]
    [InlineData("int(context.ip) == 1", "no whole number")]
    [InlineData("timestamp(context.ip) < now", "RFC 3339")]
    [InlineData("now + duration(context.span) < now", "There is no context.span.")]
    [InlineData("duration(context.ip) < duration('1h')", "no duration")]
    [InlineData("timestamp('9999-12-31T23:59:59Z') + (now - timestamp('0001-01-01T00:00:00Z')) > now", "beyond the years")]
    [InlineData("cidr('10.0.0.0/8').containsIP(context.other)", "no IP address")]
    [InlineData("cidr('10.0.0.0/8').containsIP(context.hour)", "there is no containsIP of a network and a int")]
    [InlineData("resource.properties.tags[2] == 'c'", "There is no resource.properties.tags[2].")]
    [InlineData("resource.properties.tags[-1] == 'c'", "There is no resource.properties.tags[-1].")]
    [InlineData("context.hour.getHours() == 1", "not a timestamp")]
    [InlineData("context.hour", "The condition gives a int and not a bool.")]
    [InlineData("context.hour ? true : false", "is a int and not a bool")]
    public void A_condition_without_a_value_says_why(string text, string part)
    {
        var outcome = Evaluate(text);

        Assert.False(outcome.Holds);
        Assert.Contains(part, outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 1, "Unexpected the end.")]
    [InlineData("1 + 1", 1, "gives a int and not a bool")]
    [InlineData("subject", 1, "gives a map and not a bool")]
    [InlineData("action.name == 'edit'", 8, "action has no name; it has properties.")]
    [InlineData("now.getHours('../../etc/passwd') == 1", 5, "the name of a time zone")]
    [InlineData("now.getHours('/dev/zero') == 1", 5, "the name of a time zone")]
    [InlineData("subject.name == 'a'", 9, "subject has no name; it has groups, id, permissions, properties, roles, type.")]
    [InlineData("user.id == 'a'", 1, "There is no user; known are action, context, now, resource, subject.")]
    [InlineData("subject == resource", 9, "Say what of subject")]
    [InlineData("subject.id == 1", 12, "A string and a int cannot be compared.")]
    [InlineData("subject.id && true", 1, "subject.id is a string and not a bool")]
    [InlineData("now == 'today'", 5, "A timestamp and a string cannot be compared.")]
    [InlineData("subject.roles == ['a']", 15, "A list and a list cannot be compared.")]
    [InlineData("'a' in subject.id", 5, "Nothing is in a string.")]
    [InlineData("subject.id < 'b'", 12, "There is no < of a string and a string.")]
    [InlineData("1 / 0 == 1", 3, "divided by zero")]
    [InlineData("9223372036854775807 + 1 > 0", 21, "too large")]
    [InlineData("9223372036854775808 > 0", 1, "cannot be held")]
    [InlineData("1e999 > 0.0", 1, "cannot be held")]
    [InlineData("exec('rm')", 1, "There is no function exec; known are")]
    [InlineData("subject.id.matches('(a+)+$')", 12, "There is no method matches; known are")]
    [InlineData("subject.roles.map(x, x)", 15, "There is no method map")]
    [InlineData("subject.id.exists(x, true)", 19, "subject.id is a string and not a list")]
    [InlineData("subject.roles.exists(now, true)", 22, "now has a meaning already")]
    [InlineData("subject.roles.exists(x, subject.roles.exists(x, true))", 46, "x has a meaning already")]
    [InlineData("subject.roles.exists(x, true) && x == 'a'", 34, "There is no x")]
    [InlineData("now.getHours('Europe/Atlantis') == 1", 5, "the name of a time zone")]
    [InlineData("now.getHours(context.zone) == 1", 5, "the name of a time zone")]
    [InlineData("cidr('10.0.0.1/8').containsIP(context.ip)", 1, "no network")]
    [InlineData("cidr('1/8').containsIP(context.ip)", 1, "no network")]
    [InlineData("timestamp('tomorrow') < now", 1, "RFC 3339")]
    [InlineData("duration('a while') < duration('1h')", 1, "no duration")]
    [InlineData("has(context)", 1, "has() takes a member")]
    [InlineData("has()", 1, "has() takes a member")]
    [InlineData("size() == 1", 1, "There is no size of nothing.")]
    [InlineData("true @", 6, "no meaning in a condition")]
    [InlineData("true true", 6, "Unexpected true.")]
    [InlineData("(true", 6, ") is expected, and not the end.")]
    [InlineData("'abc", 1, "This text has no end.")]
    [InlineData("'\\x41' == 'A'", 2, "A backslash is followed by")]
    [InlineData("'\\ud800' == 'A'", 2, "A backslash is followed by")]
    [InlineData("r'a' == 'a'", 1, "nothing before its quotes")]
    [InlineData("'''a''' == 'a'", 1, "one quote at each end")]
    [InlineData("0x10 == 16", 2, "decimal digits")]
    [InlineData("1u == 1", 2, "decimal digits")]
    [InlineData("{'a': 1}.a == 1", 1, "Maps cannot be written")]
    [InlineData("for == 1", 1, "The word for is reserved.")]
    [InlineData("context = 1", 9, "no meaning in a condition")]
    public void What_is_no_condition_is_refused_with_its_place(string text, int character, string part)
    {
        Assert.Null(Condition.Read(text, out var problem));
        Assert.StartsWith($"At character {character}: ", problem, StringComparison.Ordinal);
        Assert.Contains(part, problem, StringComparison.Ordinal);
    }

    public static TheoryData<string> DeepTexts =>
    [
        new string('(', 1000) + "true" + new string(')', 1000),
        new string('(', 4000),
        new string('(', 100_000),
        new string('!', 4000) + "true",
        new string('-', 4000) + "1 == 1",
        "!(" + string.Concat(Enumerable.Repeat("!(", 1500)),
        "context" + string.Concat(Enumerable.Repeat(".a", 2000)),
        "context" + string.Concat(Enumerable.Repeat("[0]", 1300)) + " == 1",
        string.Concat(Enumerable.Repeat("context.a[", 400)),
        string.Concat(Enumerable.Repeat("true ? true : ", 290)) + "true",
        new string('[', 4000),
        string.Join(" + ", Enumerable.Repeat("context.a", 300)) + " == 1",
        string.Join(" == ", Enumerable.Repeat("true", 500)),
        string.Concat(Enumerable.Repeat("size(", 800)),
        string.Concat(Enumerable.Repeat("context.a.exists(x, ", 200)),
        string.Concat(Enumerable.Range(0, 4).Select(index => $"context.a.exists(x{index}, ")) + "true))))",
    ];

    // What goes deeper than its stack ends the whole process.
    [Theory]
    [MemberData(nameof(DeepTexts), DisableDiscoveryEnumeration = true)]
    public void A_condition_that_is_long_or_deep_is_refused(string text)
    {
        Assert.Null(Condition.Read(text, out var problem));
        Assert.NotNull(problem);
    }

    [Fact]
    public void Many_clauses_are_not_deep()
    {
        var text = string.Join(" && ", Enumerable.Repeat("true", 500));

        Assert.Equal(new ConditionOutcome(true, null), Evaluate(text));
    }

    [Theory]
    [InlineData("context.list.all(a, context.list.all(b, context.list.all(c, a + b + c >= 0)))")]
    [InlineData("context.list.filter(a, context.list.exists(b, b == -1)).size() == 0 || context.list.all(a, context.list.all(b, a + b >= 0))")]
    [InlineData("context.words.all(a, context.words.all(b, a.contains(b) || true))")]
    [InlineData("context.words.all(a, (a + a + a + a + a + a + a + a + a + a).contains(a + a + a))")]
    [InlineData("context.list.all(a, a in context.list && a in context.list && a in context.list)")]
    [InlineData("context.list.all(a, 'missing' in context || true)")]
    public void What_would_take_long_ends_early(string text)
    {
        var asked = new StringBuilder("{\"list\":[").AppendJoin(',', Enumerable.Range(0, 2000))
            .Append("],\"words\":[").AppendJoin(',', Enumerable.Repeat($"\"{new string('a', 3000)}\"", 20)).Append(']');
        for (var member = 0; member < 2000; member++)
        {
            asked.Append($",\"member{member}\":1");
        }

        var condition = Condition.Read(text, out _)!;
        var large = facts with { Context = Json(asked.Append('}').ToString()) };
        condition.Evaluate(large);
        var clock = Stopwatch.StartNew();

        var outcome = condition.Evaluate(large);

        Assert.Contains("steps", outcome.Error, StringComparison.Ordinal);
        // A hundred times what it takes, on a machine that has nothing else to do.
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void Half_a_character_is_no_text()
    {
        var sent = facts with { Context = Json("""{"ip":"\ud800"}""") };

        Assert.Equal("A text is not Unicode.", Condition.Read("context.ip == 'a'", out _)!.Evaluate(sent).Error);
    }

    [Theory]
    [InlineData("0001-01-01T00:00:00Z", "America/New_York")]
    [InlineData("9999-12-31T23:59:59Z", "Pacific/Auckland")]
    public void Time_has_ends(string time, string zone)
    {
        var outcome = Condition.Read($"timestamp('{time}').getHours('{zone}') >= 0", out _)!.Evaluate(facts);

        Assert.Equal(new ConditionOutcome(true, null), outcome);
    }

    // Whatever it says, it says: nothing is thrown, neither by reading nor by evaluating.
    [Fact]
    public void Nonsense_is_refused_or_has_a_value_or_none()
    {
        string[] words =
        [
            "subject", "resource", "context", "now", ".properties", ".owner", ".roles", ".id", "action.properties", "\"a\"", "'b'", "1", "2.5", "-", "!", "(", ")", "[", "]", ".", ",", "==", "!=",
            "<", ">=", "in", "&&", "||", "?", ":", "+", "*", "/", "%", "true", "false", "null", "has(", "size(", "int(", "string(", "timestamp(", "duration(", "cidr('10.0.0.0/8')", ".containsIP(",
            ".exists(x,", ".all(y,", ".filter(z,", "x", "y", "z", ".getHours(", "'Europe/Berlin'", ".contains(", ".size()", "['a']", "{", "\\", "@", "9223372036854775807", " ", "//", "\n", "\ud800",
        ];
        // The same nonsense in each run (a linear congruential generator).
        var state = 20261127ul;
        int Next(int below) => (int)((state = (state * 6364136223846793005) + 1442695040888963407) >> 33) % below;
        var evaluated = 0;
        for (var round = 0; round < 30_000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, 1 + Next(11)).Select(_ => words[Next(words.Length)] + (Next(2) == 0 ? " " : "")));
            if (Condition.Read(text, out var problem) is { } condition)
            {
                condition.Evaluate(facts);
                condition.Evaluate(EvaluationFacts.Nothing);
                evaluated++;
            }
            else
            {
                Assert.NotNull(problem);
            }
        }

        Assert.True(evaluated > 100, $"Only {evaluated} were conditions.");
    }

    [Fact]
    public void Where_nothing_was_sent_there_is_nothing_to_read()
    {
        Assert.Equal(new ConditionOutcome(true, null), Condition.Read("!has(context.ip) && size(resource.properties) == 0", out _)!.Evaluate(EvaluationFacts.Nothing));
        Assert.Equal("There is no context.ip.", Condition.Read("context.ip == 'a'", out _)!.Evaluate(EvaluationFacts.Nothing).Error);
    }

    [Fact]
    public void Any_number_of_threads_may_evaluate_one_condition()
    {
        var condition = Condition.Read("context.list.exists(a, context.list.exists(b, a != b && a + b == 5))", out _)!;
        var some = facts with { Context = Json("""{"list":[1,2,3]}""") };
        var none = facts with { Context = Json("""{"list":[1,2]}""") };

        Parallel.For(0, 4000, index => Assert.Equal(new ConditionOutcome(index % 2 == 0, null), condition.Evaluate(index % 2 == 0 ? some : none)));
    }

    [Fact]
    public void Decisions_of_one_request_share_what_they_may_cost()
    {
        var condition = Condition.Read("context.hour == 9", out _)!;
        var some = facts with { Allowance = new EvaluationAllowance(100) };

        Assert.True(condition.Evaluate(some).Holds);
        for (var asked = 0; asked < 100; asked++)
        {
            condition.Evaluate(some);
        }

        Assert.NotNull(condition.Evaluate(some).Error);
        Assert.True(condition.Evaluate(facts).Holds);
    }

    [Theory] // What is read as something else costs a step, however long it is.
    [InlineData("duration(context.long) > duration('0s')", "0h")]
    [InlineData("int(context.long) == 0", "0")]
    [InlineData("double(context.long) == 0.0", "0")]
    [InlineData("timestamp(context.long) < now", "2")]
    [InlineData("cidr('10.0.0.0/8').containsIP(context.long)", "1")]
    public void A_long_text_is_not_read_as_something_else(string text, string part) => Assert.NotNull(Condition.Read(text, out _)!
        .Evaluate(facts with { Context = Json($$"""{"long":"{{string.Concat(Enumerable.Repeat(part, 40))}}{{string.Concat(Enumerable.Repeat(part, 40))}}"}""") }).Error);

    /// <summary>The language definition of CEL: an operand decides wherever it can, on whichever side it stands, and a fault is passed on only where it matters.</summary>
    [Fact]
    public void Logic_is_that_of_CEL()
    {
        (string Text, bool? Value)[] operands = [("true", true), ("false", false), ("context.missing == 1", null)];
        foreach (var (left, a) in operands)
        {
            foreach (var (right, b) in operands)
            {
                AssertValue($"({left}) && ({right})", a is false || b is false ? false : a & b);
                AssertValue($"({left}) || ({right})", a is true || b is true ? true : a | b);
                AssertValue($"({left}) ? ({right}) : true", a is null ? null : a.Value ? b : true);
                AssertValue($"[1, 2].all(x, x == 1 ? ({left}) : ({right}))", a is false || b is false ? false : a & b);
                AssertValue($"[1, 2].exists(x, x == 1 ? ({left}) : ({right}))", a is true || b is true ? true : a | b);
            }

            AssertValue($"!({left})", !a);
        }
    }

    /// <summary>The language definition of CEL: 64 bits with a sign, division towards zero, a rest with the sign of what is divided, and a fault beyond.</summary>
    [Fact]
    public void Whole_numbers_are_those_of_CEL()
    {
        long[] numbers = [0, 1, -1, 2, 3, -3, 7, -7, 1 << 20, -(1L << 33), 3037000500, long.MaxValue, -long.MaxValue];
        foreach (var a in numbers)
        {
            foreach (var b in numbers)
            {
                AssertNumber(a, "+", b, (Int128)a + b);
                AssertNumber(a, "-", b, (Int128)a - b);
                AssertNumber(a, "*", b, (Int128)a * b);
                AssertNumber(a, "/", b, b == 0 ? null : (Int128)a / b);
                AssertNumber(a, "%", b, b == 0 ? null : (Int128)a % b);
                AssertValue($"{Number(a)} < {Number(b)}", a < b);
                AssertValue($"{Number(a)} >= {Number(b)}", a >= b);
                AssertValue($"{Number(a)} != {Number(b)}", a != b);
            }
        }
    }

    private static void AssertNumber(long a, string sign, long b, Int128? exact)
    {
        long? expected = exact is { } known && known >= long.MinValue && known <= long.MaxValue ? (long)known : null;
        AssertValue($"{Number(a)} {sign} {Number(b)} == {Number(expected ?? 0)}", expected is null ? null : true);
    }

    // The least has no opposite, and so no text of its own.
    private static string Number(long number) =>
        number == long.MinValue ? $"(-{long.MaxValue} - 1)" : number < 0 ? $"(-{-number})" : $"{number}";

    // Null: no value, either when it is read, where all is known then, or when it is asked.
    private static void AssertValue(string text, bool? expected)
    {
        var outcome = Condition.Read(text, out _)?.Evaluate(facts);
        Assert.True(expected == (outcome is { Error: null } known ? known.Holds : null), $"{text} is {outcome?.Holds}, {outcome?.Error}");
    }

    private static ConditionOutcome Evaluate(string text)
    {
        var condition = Condition.Read(text, out var problem);
        Assert.Null(problem);
        return condition!.Evaluate(facts);
    }

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
