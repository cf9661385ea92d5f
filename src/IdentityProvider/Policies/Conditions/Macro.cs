namespace IdentityProvider.Policies.Conditions;

/// <summary>The macros over lists.</summary>
internal enum MacroKind
{
    All,
    Exists,
    ExistsOne,
    Filter,
}

/// <summary><c>list.exists(x, condition)</c> and its like (CEL, Macros).</summary>
/// <param name="slot">Where the variable lies.</param>
internal sealed class Macro(MacroKind macro, Term list, int slot, Term body) : Term(macro == MacroKind.Filter ? Kind.List : Kind.Bool, list, body)
{
    protected override object? Compute(Evaluation evaluation) => list.Evaluate(evaluation) switch
    {
        IReadOnlyList<object?> items => macro switch
        {
            MacroKind.All => Decide(items, decisive: false, evaluation),
            MacroKind.Exists => Decide(items, decisive: true, evaluation),
            MacroKind.ExistsOne => Select(items, evaluation) switch
            {
                IReadOnlyList<object?> selected => Values.Of(selected.Count == 1),
                var fault => fault,
            },
            _ => Select(items, evaluation),
        },
        Fault fault => fault,
        var other => new Fault($"{list.Text} is a {Values.Name(Values.KindOf(other))} and not a list."),
    };

    // As a junction of the conditions of all items.
    private object Decide(IReadOnlyList<object?> items, bool decisive, Evaluation evaluation)
    {
        object? fault = null;
        for (var index = 0; index < items.Count && !evaluation.IsSpent; index++)
        {
            var value = Ask(items[index], evaluation);
            if (value is bool holds && holds == decisive)
            {
                return value;
            }

            fault ??= value as Fault;
        }

        return evaluation.IsSpent ? Fault.Spent : fault ?? Values.Of(!decisive);
    }

    private object Select(IReadOnlyList<object?> items, Evaluation evaluation)
    {
        var selected = new List<object?>();
        foreach (var item in items)
        {
            switch (Ask(item, evaluation))
            {
                case true:
                    selected.Add(item);
                    break;
                case Fault fault:
                    return fault;
            }
        }

        return selected;
    }

    private object Ask(object? item, Evaluation evaluation)
    {
        evaluation.Variables[slot] = item;
        return body.Evaluate(evaluation) switch
        {
            bool value => Values.Of(value),
            Fault fault => fault,
            var other => new Fault($"{body.Text} is a {Values.Name(Values.KindOf(other))} and not a bool."),
        };
    }
}
