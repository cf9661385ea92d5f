namespace IdentityProvider.Policies.Conditions;

/// <summary>Makes terms, and refuses what cannot have a value: unknown names, operands of the wrong kind, a literal division by zero.</summary>
internal static class Terms
{
    private const string Presence = "has";

    public static MacroKind? MacroOf(string name) => name switch
    {
        "all" => MacroKind.All,
        "exists" => MacroKind.Exists,
        "exists_one" => MacroKind.ExistsOne,
        "filter" => MacroKind.Filter,
        _ => null,
    };

    public static Term Selection(Token name, Term target)
    {
        if (target is Whole whole)
        {
            return whole.Find(name.Text)
                ?? throw new ConditionRefusedException(name.Start, $"{whole.Name} has no {name.Text}; it has {string.Join(", ", whole.Members)}.");
        }

        return target.Kind is Kind.Any or Kind.Map
            ? new Selection(target, name.Text)
            : throw new ConditionRefusedException(name.Start, $"{target.Text} is a {Values.Name(target.Kind)} and has no members.");
    }

    public static Term Item(int position, Term target, Term key) => (Known(position, target).Kind, Known(position, key).Kind) switch
    {
        (Kind.Any or Kind.Map, Kind.String) when key is Literal { Value: string name } => new Selection(target, name),
        (Kind.Any, Kind.Any or Kind.Int or Kind.String) or (Kind.Map, Kind.Any or Kind.String) or (Kind.List, Kind.Any or Kind.Int) => new Item(target, key),
        var (container, by) => throw new ConditionRefusedException(position, $"A {Values.Name(container)} has no items by {Values.Name(by)}."),
    };

    public static Term List(int position, List<Term> items) => new ListOf([.. items.Select(item => Known(position, item))]);

    public static Term Choice(int position, Term condition, Term yes, Term no) => new Choice(Bool(position, condition), Known(position, yes), Known(position, no));

    public static Term Junction(int position, bool decisive, List<Term> terms) => new Junction(decisive, [.. terms.Select(term => Bool(position, term))]);

    public static Term Relation(Token symbol, Term one, Term other)
    {
        var (kind, otherKind) = (Known(symbol.Start, one).Kind, Known(symbol.Start, other).Kind);
        return symbol.Text switch
        {
            "==" or "!=" => AreComparable(kind, otherKind)
                ? new Equality(one, other, symbol.Text == "!=")
                : throw new ConditionRefusedException(symbol.Start, $"A {Values.Name(kind)} and a {Values.Name(otherKind)} cannot be compared."),
            "in" => otherKind is Kind.Any or Kind.List or Kind.Map
                ? new Membership(one, other)
                : throw new ConditionRefusedException(symbol.Start, $"Nothing is in a {Values.Name(otherKind)}."),
            _ => Call(symbol.Start, symbol.Text, Operators.Binary[symbol.Text], [one, other]),
        };
    }

    public static Term Function(Token name, List<Term> arguments) =>
        name.Text == Presence
            ? arguments is [Selection selection] ? new Presence(selection) : throw new ConditionRefusedException(name.Start, "has() takes a member, such as has(context.ip).")
        : Functions.Global.TryGetValue(name.Text, out var overloads) ? Call(name.Start, name.Text, overloads, [.. arguments])
        : throw new ConditionRefusedException(
            name.Start, $"There is no function {name.Text}; known are {string.Join(", ", Functions.Global.Keys.Append(Presence).Order(StringComparer.Ordinal))}.");

    /// <summary>Refuses a method that does not exist, before its arguments are read.</summary>
    public static void CheckMethod(Token name)
    {
        if (!TimePart.Parts.ContainsKey(name.Text) && !Functions.Methods.ContainsKey(name.Text))
        {
            throw new ConditionRefusedException(
                name.Start, $"There is no method {name.Text}; known are {string.Join(", ", Functions.Methods.Keys.Concat(TimePart.Parts.Keys).Order(StringComparer.Ordinal))}, all, exists, exists_one and filter.");
        }
    }

    public static Term Method(Token name, Term target, List<Term> arguments) => TimePart.Parts.TryGetValue(name.Text, out var part)
        ? TimeOf(name, target, part, arguments)
        : Call(name.Start, name.Text, Functions.Methods[name.Text], [target, .. arguments]);

    /// <summary>An operator or a function. One whose arguments all stand in the condition is done at once.</summary>
    public static Term Call(int position, string name, Overload[] overloads, Term[] arguments)
    {
        var suitable = Array.FindAll(overloads, overload => overload.Suits([.. arguments.Select(argument => Known(position, argument))]));
        if (suitable.Length == 0)
        {
            throw new ConditionRefusedException(
                position, $"There is no {name} of {(arguments.Length == 0 ? "nothing" : string.Join(" and ", arguments.Select(argument => $"a {Values.Name(argument.Kind)}")))}.");
        }

        var call = new Call(name, suitable, arguments);
        return !Array.TrueForAll(arguments, argument => argument is Literal) ? call : call.Evaluate(Evaluation.OfLiterals()) switch
        {
            Fault fault => throw new ConditionRefusedException(position, fault.Sentence),
            var value => new Literal(value),
        };
    }

    public static Term Bool(int position, Term term) => Known(position, term).Kind is Kind.Any or Kind.Bool
        ? term
        : throw new ConditionRefusedException(position, $"{term.Text} is a {Values.Name(term.Kind)} and not a bool.");

    /// <summary>A term that has a value: one of the parts and not the whole, whose kinds nobody knows.</summary>
    public static Term Known(int position, Term term) => term is not Whole whole
        ? term
        : throw new ConditionRefusedException(position, $"Say what of {whole.Name}: it has {string.Join(", ", whole.Members)}.");

    private static TimePart TimeOf(Token name, Term time, Func<DateTime, long> part, List<Term> arguments)
    {
        if (Known(name.Start, time).Kind is not (Kind.Any or Kind.Timestamp))
        {
            throw new ConditionRefusedException(name.Start, $"There is no {name.Text} of a {Values.Name(time.Kind)}.");
        }

        return arguments switch
        {
            [] => new TimePart(time, part, TimeZoneInfo.Utc),
            [Literal { Value: string id }] when IsNameOfZone(id) && TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone) => new TimePart(time, part, zone),
            _ => throw new ConditionRefusedException(name.Start, $"{name.Text} takes the name of a time zone that this machine knows, such as \"Europe/Berlin\", or nothing for UTC."),
        };
    }

    // The system looks for a file of this name: it shall find none but those of time zones.
    private static bool IsNameOfZone(string id) =>
        id.Length <= 64 && Array.TrueForAll(id.Split('/'), part => part.Length > 0 && part.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '+' or '-'));

    private static bool AreComparable(Kind one, Kind other) => (one, other) switch
    {
        (Kind.Any or Kind.Null, _) or (_, Kind.Any or Kind.Null) => true,
        (Kind.Int, Kind.Double) or (Kind.Double, Kind.Int) => true,
        _ => one == other && one is not (Kind.List or Kind.Map or Kind.Network),
    };
}
