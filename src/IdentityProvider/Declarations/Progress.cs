using IdentityProvider.Protocol;

namespace IdentityProvider.Declarations;

/// <summary>What applying a file has done so far, and all that is wrong with it.</summary>
internal sealed class Progress
{
    private readonly List<string> errors = [];
    private readonly HashSet<string> refused = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, DeclaredKind> rows = [];
    private readonly HashSet<Guid> created = [];
    private readonly HashSet<Guid> changed = [];
    private readonly List<string> notes = [];

    public ICollection<string> Errors => errors;

    /// <summary>The rows that the file declares.</summary>
    public IReadOnlyDictionary<Guid, DeclaredKind> Rows => rows;

    public int Removed { get; set; }

    /// <summary>Something that the operator has to know although nothing is wrong.</summary>
    public void Tell(string note) => notes.Add(note);

    public void Created(DeclaredKind kind, Guid row) => Note(kind, row, isNew: true, isChanged: false);

    public void Changed(DeclaredKind kind, Guid row) => Note(kind, row, isNew: false, isChanged: true);

    public void Unchanged(DeclaredKind kind, Guid row) => Note(kind, row, isNew: false, isChanged: false);

    public void Note(DeclaredKind kind, Guid row, bool isNew, bool isChanged)
    {
        rows[row] = kind;
        if (isNew)
        {
            created.Add(row);
        }
        else if (isChanged)
        {
            changed.Add(row);
        }
    }

    /// <summary>Something that hangs on a row has changed, if not the row itself.</summary>
    public void Touch(Guid row)
    {
        if (!created.Contains(row))
        {
            changed.Add(row);
        }
    }

    public void Refuse(Entry entry, IEnumerable<MetadataProblem> problems)
    {
        var before = errors.Count;
        errors.AddRange(problems.Select(entry.Tell));
        if (errors.Count > before)
        {
            refused.Add(entry.Path);
        }
    }

    public bool IsRefused(Entry entry) => refused.Contains(entry.Path);

    /// <summary>What the refused ones of these entries were to be.</summary>
    public IReadOnlySet<string> RefusedKeys(IEnumerable<Entry> entries, StringComparer comparer) =>
        refused.Count == 0 ? new HashSet<string>() : entries.Where(IsRefused).Select(entry => entry.Key).ToHashSet(comparer);

    public DeclarationOutcome Outcome()
    {
        if (errors.Count > 0)
        {
            return new DeclarationOutcome.Refused(errors);
        }

        var applied = new DeclarationOutcome.Applied(created.Count, changed.Count, rows.Count - created.Count - changed.Count, Removed);
        return notes.Count == 0 ? applied : applied with { Notes = notes };
    }
}
