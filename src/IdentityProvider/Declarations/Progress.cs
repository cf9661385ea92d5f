using IdentityProvider.Protocol;

namespace IdentityProvider.Declarations;

/// <summary>What applying a file has done so far, and all that is wrong with it.</summary>
internal sealed class Progress
{
    private readonly List<string> errors = [];
    private readonly Dictionary<Guid, DeclaredKind> rows = [];
    private int created;
    private int changed;
    private int unchanged;

    public ICollection<string> Errors => errors;

    /// <summary>The rows that the file declares.</summary>
    public IReadOnlyDictionary<Guid, DeclaredKind> Rows => rows;

    public int Removed { get; set; }

    public void Created(DeclaredKind kind, Guid row) => Note(kind, row, isNew: true, isChanged: false);

    public void Changed(DeclaredKind kind, Guid row) => Note(kind, row, isNew: false, isChanged: true);

    public void Unchanged(DeclaredKind kind, Guid row) => Note(kind, row, isNew: false, isChanged: false);

    public void Note(DeclaredKind kind, Guid row, bool isNew, bool isChanged)
    {
        rows[row] = kind;
        (created, changed, unchanged) = (isNew, isChanged) switch
        {
            (true, _) => (created + 1, changed, unchanged),
            (_, true) => (created, changed + 1, unchanged),
            _ => (created, changed, unchanged + 1),
        };
    }

    public void Refuse(Entry entry, IEnumerable<MetadataProblem> problems) => errors.AddRange(problems.Select(entry.Tell));

    public DeclarationOutcome Outcome() => errors.Count > 0
        ? new DeclarationOutcome.Refused(errors)
        : new DeclarationOutcome.Applied(created, changed, unchanged, Removed);
}
