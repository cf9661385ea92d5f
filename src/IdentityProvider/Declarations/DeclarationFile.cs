using IdentityProvider.Data;

namespace IdentityProvider.Declarations;

/// <summary>Makes clients, scopes, resources, roles, people and groups be as a file says: all of it or, when anything is wrong, nothing.</summary>
internal sealed class DeclarationFile(AppDbContext db, DeclaredSections sections, Pruning pruning, DeclarationAftermath aftermath)
{
    /// <summary>Applies a file. Applying the same file again changes nothing.</summary>
    /// <param name="prune">Whether entries of earlier files that this one no longer has are removed.</param>
    public async Task<DeclarationOutcome> ApplyAsync(string path, bool prune, CancellationToken cancellationToken)
    {
        return await DeclarationText.ReadAsync(path, cancellationToken) is { } read
            ? await ApplyTextAsync(read.Text, read.Folder, prune, cancellationToken)
            // In full, because "dotnet run --project" starts a web program in the project's folder and not in the caller's.
            : new DeclarationOutcome.Refused([$"The declaration file {Path.GetFullPath(path)} cannot be read."]);
    }

    /// <summary>Applies the text of a file.</summary>
    /// <param name="folder">Where relative paths in it begin.</param>
    public async Task<DeclarationOutcome> ApplyTextAsync(string text, string folder, bool prune, CancellationToken cancellationToken)
    {
        var progress = new Progress();
        if (DeclarationParser.Parse(text, progress.Errors) is not { } declaration)
        {
            return progress.Outcome();
        }

        await sections.PrepareAsync(declaration, cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // Whoever else applies a file, on this node or another, waits here until this one is done.
        await db.HoldAsync(ChangeStamps.Scopes, cancellationToken);
        await db.HoldAsync(ChangeStamps.Clients, cancellationToken);
        await db.HoldAsync(ChangeStamps.Permissions, cancellationToken);

        var staged = await sections.StageAsync(declaration, folder, progress, cancellationToken);
        if (progress.Errors.Count == 0)
        {
            await pruning.RememberAsync(progress, cancellationToken);
            if (prune)
            {
                await pruning.PruneAsync(progress, cancellationToken);
            }

            await sections.SecureAsync(staged, progress, cancellationToken);
        }

        var outcome = progress.Outcome();
        if (outcome is DeclarationOutcome.Applied applied)
        {
            await aftermath.RecordAsync(applied, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            await aftermath.TellAsync(cancellationToken);
        }
        else
        {
            await transaction.RollbackAsync(cancellationToken);
            db.ChangeTracker.Clear();
        }

        return outcome;
    }
}
