using System.Xml.Linq;
using IdentityProvider.Data;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace IdentityProvider.Keys;

/// <summary>The Data Protection keys as rows.</summary>
internal sealed class ProtectionKeyRows(Statements statements) : IXmlRepository
{
    private static readonly Statement read = new("""SELECT "Xml" FROM "DataProtectionKeys" WHERE "Xml" <> '' ORDER BY "Id" """);

    private static readonly Statement add = new(
        """INSERT INTO "DataProtectionKeys" ("FriendlyName", "Xml") VALUES (@name, @xml)""", "@name", "@xml");

    private static readonly Statement remove = new("""DELETE FROM "DataProtectionKeys" WHERE "FriendlyName" = @name""", "@name");

    public IReadOnlyCollection<XElement> GetAllElements() => statements.ReadAll(read, static row => XElement.Parse(row.GetString(0)));

    public void StoreElement(XElement element, string friendlyName)
    {
        ArgumentNullException.ThrowIfNull(element);
        // The framework's interface cannot wait; it stores a key once in many weeks.
        statements.ExecuteAsync(add, CancellationToken.None, friendlyName, element.ToString(SaveOptions.DisableFormatting)).GetAwaiter().GetResult();
    }

    public Task RemoveAsync(IEnumerable<string> friendlyNames, CancellationToken cancellationToken) => statements.WriteAsync(
        async writer =>
        {
            var removed = 0;
            foreach (var name in friendlyNames)
            {
                removed += await writer.ExecuteAsync(remove, name);
            }

            return removed;
        },
        cancellationToken);
}
