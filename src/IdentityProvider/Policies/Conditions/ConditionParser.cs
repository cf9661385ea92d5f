using System.Globalization;

namespace IdentityProvider.Policies.Conditions;

/// <summary>Reads the terms of a condition by the grammar of CEL (Syntax), which is that of most languages with braces.</summary>
internal sealed class ConditionParser
{
    // The recursion of the reader, and of the evaluation: far below what the smallest stack holds.
    private const int Deepest = 32;

    private static readonly string[] relations = ["==", "!=", "<", "<=", ">", ">=", "in"];

    private readonly string text;
    private readonly Lexer lexer;
    private readonly MacroScope scope = new();
    private Token token;
    private int end;
    private int depth;

    public ConditionParser(string text)
    {
        this.text = text;
        lexer = new Lexer(text);
        token = lexer.Next();
    }

    /// <summary>How many variables the condition has.</summary>
    public int Variables => scope.Variables;

    /// <summary>Reads the whole condition.</summary>
    /// <exception cref="ConditionRefusedException">It is none.</exception>
    public Term Read()
    {
        var term = Expression();
        if (token.Kind != TokenKind.End)
        {
            throw new ConditionRefusedException(token.Start, $"Unexpected {token.Text}.");
        }

        return term.Kind is Kind.Bool or Kind.Any ? term : throw new ConditionRefusedException(0, $"The condition gives a {Values.Name(term.Kind)} and not a bool.");
    }

    private Term Expression()
    {
        var start = Enter();
        var term = Disjunction();
        if (TryTake("?"))
        {
            var yes = Disjunction();
            Take(":");
            term = Place(start, Terms.Choice(start, term, yes, Expression()));
        }

        depth--;
        return term;
    }

    private Term Disjunction() => Chain("||", decisive: true, Conjunction);

    private Term Conjunction() => Chain("&&", decisive: false, Relation);

    private Term Chain(string symbol, bool decisive, Func<Term> next)
    {
        var start = token.Start;
        var first = next();
        if (!Is(symbol))
        {
            return first;
        }

        var terms = new List<Term> { first };
        while (TryTake(symbol))
        {
            terms.Add(next());
        }

        return Place(start, Terms.Junction(start, decisive, terms));
    }

    private Term Relation()
    {
        var start = token.Start;
        var term = Sum();
        while (token.Kind == TokenKind.Symbol && relations.Contains(token.Text))
        {
            var symbol = Advance();
            term = Place(start, Terms.Relation(symbol, term, Sum()));
        }

        return term;
    }

    private Term Sum() => LeftToRight(Product, "+", "-");

    private Term Product() => LeftToRight(Unary, "*", "/", "%");

    private Term LeftToRight(Func<Term> next, params string[] symbols)
    {
        var start = token.Start;
        var term = next();
        while (token.Kind == TokenKind.Symbol && symbols.Contains(token.Text))
        {
            var symbol = Advance();
            term = Place(start, Terms.Call(symbol.Start, symbol.Text, Operators.Binary[symbol.Text], [term, next()]));
        }

        return term;
    }

    private Term Unary()
    {
        if (!Is("!") && !Is("-"))
        {
            return Member();
        }

        var start = Enter();
        var symbol = Advance();
        // The smallest number has a sign or is none: 9223372036854775808 cannot be held.
        var term = symbol.Text == "-" && token.Kind is TokenKind.Int or TokenKind.Double
            ? Members(start, Number("-"))
            : Terms.Call(start, symbol.Text, symbol.Text == "!" ? Operators.Not : Operators.Negate, [Unary()]);
        depth--;
        return Place(start, term);
    }

    private Term Member()
    {
        var start = token.Start;
        return Members(start, Primary());
    }

    private Term Members(int start, Term term)
    {
        while (Is(".") || Is("["))
        {
            if (TryTake("["))
            {
                var key = Expression();
                Take("]");
                term = Place(start, Terms.Item(start, term, key));
                continue;
            }

            Take(".");
            var name = Name();
            term = Place(start, TryTake("(") ? Method(term, name) : Terms.Selection(name, term));
        }

        return term;
    }

    private Term Method(Term target, Token name)
    {
        if (Terms.MacroOf(name.Text) is { } macro)
        {
            return Macro(macro, target);
        }

        Terms.CheckMethod(name);
        return Terms.Method(name, target, Arguments(")"));
    }

    private Macro Macro(MacroKind macro, Term list)
    {
        var variable = Name();
        Take(",");
        scope.Open(variable, list);
        var body = Expression();
        Take(")");
        return scope.Close(variable.Start, macro, list, body);
    }

    private Term Primary()
    {
        var start = token.Start;
        switch (token.Kind)
        {
            case TokenKind.Text:
                return Place(start, new Literal(Advance().Text));
            case TokenKind.Int or TokenKind.Double:
                return Place(start, Number(""));
            case TokenKind.Name:
                var name = Advance();
                return Place(start, TryTake("(") ? Terms.Function(name, Arguments(")")) : scope.Name(name));
            case TokenKind.Symbol when TryTake("true"):
                return Place(start, new Literal(Values.Of(true)));
            case TokenKind.Symbol when TryTake("false"):
                return Place(start, new Literal(Values.Of(false)));
            case TokenKind.Symbol when TryTake("null"):
                return Place(start, new Literal(null));
            case TokenKind.Symbol when TryTake("("):
                var term = Expression();
                Take(")");
                return term;
            case TokenKind.Symbol when TryTake("["):
                return Place(start, Terms.List(start, Arguments("]")));
            default:
                throw new ConditionRefusedException(start, $"Unexpected {token.Text}.");
        }
    }

    private List<Term> Arguments(string closing)
    {
        var arguments = new List<Term>();
        if (TryTake(closing))
        {
            return arguments;
        }

        do
        {
            arguments.Add(Expression());
        }
        while (TryTake(","));
        Take(closing);
        return arguments;
    }

    private Literal Number(string sign)
    {
        var number = Advance();
        return number.Kind == TokenKind.Int && long.TryParse(sign + number.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)
            ? new Literal(whole)
            : number.Kind == TokenKind.Double && double.TryParse(sign + number.Text, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
                ? new Literal(value)
                : throw new ConditionRefusedException(number.Start, "This number cannot be held.");
    }

    // Every way of the grammar back to its beginning comes through here.
    private int Enter() => ++depth > Deepest
        ? throw new ConditionRefusedException(token.Start, $"A condition is nested at most {Deepest} deep.")
        : token.Start;

    private T Place<T>(int start, T term)
        where T : Term
    {
        if (term.Depth > Deepest)
        {
            throw new ConditionRefusedException(start, $"A condition is nested at most {Deepest} deep.");
        }

        term.Text = text[start..end];
        return term;
    }

    private Token Name() => token.Kind == TokenKind.Name ? Advance() : throw new ConditionRefusedException(token.Start, $"A name is expected, and not {token.Text}.");

    private bool Is(string symbol) => token.Kind == TokenKind.Symbol && token.Text == symbol;

    private bool TryTake(string symbol)
    {
        if (!Is(symbol))
        {
            return false;
        }

        Advance();
        return true;
    }

    private void Take(string symbol)
    {
        if (!TryTake(symbol))
        {
            throw new ConditionRefusedException(token.Start, $"{symbol} is expected, and not {token.Text}.");
        }
    }

    private Token Advance()
    {
        var taken = token;
        end = taken.End;
        token = lexer.Next();
        return taken;
    }
}
