namespace IdentityProvider.Declarations;

/// <summary>What became of a declaration file.</summary>
internal abstract record DeclarationOutcome
{
    private DeclarationOutcome()
    {
    }

    /// <summary>Everything is as the file says.</summary>
    public sealed record Applied(int Created, int Changed, int Unchanged, int Removed) : DeclarationOutcome
    {
        /// <summary>What the operator has to know or to do beyond that, one sentence or a few each.</summary>
        public IReadOnlyList<string> Notes { get; init; } = [];

        public override string ToString() => $"{Created} created, {Changed} changed, {Unchanged} unchanged, {Removed} removed";
    }

    /// <summary>Nothing was changed.</summary>
    /// <param name="Errors">All that is wrong with the file, one sentence each, with the path and the name of the entry. No secrets.</param>
    public sealed record Refused(IReadOnlyList<string> Errors) : DeclarationOutcome;
}
