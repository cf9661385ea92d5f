using System.Globalization;
using System.Text;

namespace IdentityProvider.Policies.Conditions;

/// <summary>What a token is.</summary>
internal enum TokenKind
{
    End,
    Name,
    Int,
    Double,
    Text,

    /// <summary>An operator, a bracket, or one of the words <c>in</c>, <c>true</c>, <c>false</c>, <c>null</c>.</summary>
    Symbol,
}

/// <summary>A token of a condition.</summary>
/// <param name="Text">As it is written; of a text what it says.</param>
/// <param name="Start">Where it begins, from 0.</param>
/// <param name="End">Where what follows begins at the earliest.</param>
internal readonly record struct Token(TokenKind Kind, string Text, int Start, int End);

/// <summary>Cuts a condition into tokens (CEL, Syntax).</summary>
internal sealed class Lexer(string text)
{
    private static readonly string[] symbols =
        ["==", "!=", "<=", ">=", "&&", "||", "<", ">", "!", "?", ":", "+", "-", "*", "/", "%", "(", ")", "[", "]", ".", ","];

    private static readonly string[] words = ["in", "true", "false", "null"];

    private static readonly string[] reserved =
    [
        "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package", "namespace", "return", "var", "void", "while",
    ];

    private int at;

    public Token Next()
    {
        SkipSpace();

        if (at == text.Length)
        {
            return new Token(TokenKind.End, "the end", at, at);
        }

        return text[at] switch
        {
            '"' or '\'' => Quoted(),
            >= '0' and <= '9' => Number(),
            var first when char.IsAsciiLetter(first) || first == '_' => Word(),
            _ => Symbol(),
        };
    }

    private void SkipSpace()
    {
        while (at < text.Length && (text[at] is ' ' or '\t' or '\n' or '\r' or '\f' || text.AsSpan(at).StartsWith("//")))
        {
            // A comment ends with its line.
            at = text[at] == '/' && text.IndexOf('\n', at) is var line ? (line < 0 ? text.Length : line) : at + 1;
        }
    }

    private Token Symbol()
    {
        foreach (var symbol in symbols)
        {
            if (text.AsSpan(at).StartsWith(symbol, StringComparison.Ordinal))
            {
                return Take(TokenKind.Symbol, at + symbol.Length);
            }
        }

        throw new ConditionRefusedException(at, text[at] is '{' or '}' ? "Maps cannot be written in a condition." : "This character has no meaning in a condition.");
    }

    private Token Word()
    {
        var end = at;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '_'))
        {
            end++;
        }

        if (end < text.Length && text[end] is '"' or '\'')
        {
            throw new ConditionRefusedException(at, "A text has nothing before its quotes.");
        }

        var start = at;
        var word = Take(TokenKind.Name, end);
        return reserved.Contains(word.Text) ? throw new ConditionRefusedException(start, $"The word {word.Text} is reserved.")
            : words.Contains(word.Text) ? word with { Kind = TokenKind.Symbol }
            : word;
    }

    private Token Number()
    {
        var end = Digits(at);
        var isDouble = false;
        if (end + 1 < text.Length && text[end] == '.' && char.IsAsciiDigit(text[end + 1]))
        {
            isDouble = true;
            end = Digits(end + 1);
        }

        if (end < text.Length && text[end] is 'e' or 'E')
        {
            isDouble = true;
            end = Digits(end + (end + 1 < text.Length && text[end + 1] is '+' or '-' ? 2 : 1));
        }

        return end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '_')
            ? throw new ConditionRefusedException(end, "Numbers are written in decimal digits.")
            : Take(isDouble ? TokenKind.Double : TokenKind.Int, end);
    }

    private int Digits(int from)
    {
        while (from < text.Length && char.IsAsciiDigit(text[from]))
        {
            from++;
        }

        return from;
    }

    private Token Quoted()
    {
        var start = at;
        var quote = text[at++];
        if (text.AsSpan(at).StartsWith([quote, quote]))
        {
            throw new ConditionRefusedException(start, "A text has one quote at each end.");
        }

        var value = new StringBuilder();
        while (at < text.Length && text[at] != quote)
        {
            value.Append(text[at] == '\\' ? Escape() : char.IsControl(text[at])
                ? throw new ConditionRefusedException(at, "A text has no control characters.")
                : text[at++]);
        }

        if (at == text.Length)
        {
            throw new ConditionRefusedException(start, "This text has no end.");
        }

        at++;
        return new Token(TokenKind.Text, value.ToString(), start, at);
    }

    private char Escape()
    {
        var start = at;
        var escaped = at + 1 < text.Length ? text[at + 1] : '\0';
        at += 2;
        switch (escaped)
        {
            case '\\' or '"' or '\'' or '`' or '?':
                return escaped;
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case 'u' when at + 4 <= text.Length && ushort.TryParse(text.AsSpan(at, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit)
                && !char.IsSurrogate((char)unit):
                at += 4;
                return (char)unit;
            default:
                throw new ConditionRefusedException(start, @"A backslash is followed by \ "" ' ` ? n r t or by u and four hexadecimal digits.");
        }
    }

    private Token Take(TokenKind kind, int end)
    {
        var token = new Token(kind, text[at..end], at, end);
        at = end;
        return token;
    }
}
