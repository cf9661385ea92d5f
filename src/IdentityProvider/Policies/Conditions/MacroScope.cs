namespace IdentityProvider.Policies.Conditions;

/// <summary>The variables of one condition: those of the macros around the place that is being read.</summary>
internal sealed class MacroScope
{
    // Three lists within each other, of 20 items each, are what an evaluation can afford.
    private const int MostMacros = 3;

    private readonly List<(string Name, Variable Term)> open = [];

    /// <summary>How many there were at once.</summary>
    public int Variables { get; private set; }

    public Term Name(Token name) =>
        open.Find(variable => variable.Name == name.Text).Term as Term
        ?? Vocabulary.Find(name.Text)
        ?? throw new ConditionRefusedException(name.Start, $"There is no {name.Text}; known are {string.Join(", ", Vocabulary.Names)}.");

    /// <summary>From here the variable of a macro is known.</summary>
    public void Open(Token variable, Term list)
    {
        if (Terms.Known(variable.Start, list).Kind is not (Kind.Any or Kind.List))
        {
            throw new ConditionRefusedException(variable.Start, $"{list.Text} is a {Values.Name(list.Kind)} and not a list.");
        }

        if (Vocabulary.Find(variable.Text) is not null || open.Exists(other => other.Name == variable.Text))
        {
            throw new ConditionRefusedException(variable.Start, $"{variable.Text} has a meaning already.");
        }

        if (open.Count == MostMacros)
        {
            throw new ConditionRefusedException(variable.Start, $"At most {MostMacros} macros are within each other.");
        }

        open.Add((variable.Text, new Variable(Kind.Any, open.Count)));
        Variables = Math.Max(Variables, open.Count);
    }

    /// <summary>A macro, whose variable is not known any longer.</summary>
    public Macro Close(int position, MacroKind macro, Term list, Term body)
    {
        open.RemoveAt(open.Count - 1);
        return new Macro(macro, list, open.Count, Terms.Bool(position, body));
    }
}
