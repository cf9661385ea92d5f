using System.Text.Json;
using IdentityProvider.Data;
using IdentityProvider.Permissions;
using IdentityProvider.Scopes;
using OpenIddict.Server;

namespace IdentityProvider.Claims;

/// <summary>Reads what claim mappings are made of: a person's row and the names of roles and groups, each at most once in a request.</summary>
internal sealed class MappingSources(UserRows users, AccessHolders holders)
{
    private const string UserName = "username";
    private const string AddressPart = ClaimNames.Address + ".";

    /// <summary>An attribute of a person: a standard claim, a part of the address, or the name for signing in.</summary>
    public async ValueTask<IReadOnlyList<JsonElement>> AttributeAsync(
        OpenIddictServerTransaction transaction, string subject, string attribute, CancellationToken cancellationToken)
    {
        var person = Find<Read<User>>(transaction, subject);
        if (person is null)
        {
            person = new Read<User>(await users.FindAsync(subject, cancellationToken));
            Remember(transaction, subject, person);
        }

        return person.Value is { DisabledAt: null } user && ValueOf(user, attribute) is { } value ? [value] : [];
    }

    /// <summary>
    /// The names of roles or groups: at one API those that mean something there, which are read for its token anyway; beyond it all, of which a mapping
    /// picks those that it names.
    /// </summary>
    public async ValueTask<IReadOnlyList<JsonElement>> NamesAsync(
        OpenIddictServerTransaction transaction, ClaimMapping mapping, AccessHolder holder, IReadOnlyList<string> audiences, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> names;
        if (mapping.Values is null)
        {
            var access = audiences is [var resource] ? RememberedAccess.Find(transaction, resource) ?? await holders.FindAsync(holder, resource, cancellationToken) : null;
            names = (mapping.Source == MappingSource.Roles ? access?.Roles : access?.Groups) ?? [];
        }
        else
        {
            var held = Find<HeldNames>(transaction, "");
            if (held is null)
            {
                Remember(transaction, "", held = await holders.FindNamesAsync(holder, cancellationToken));
            }

            names = mapping.Source == MappingSource.Roles ? held.Roles : held.Groups;
        }

        return [.. names.Select(name => JsonSerializer.SerializeToElement(name))];
    }

    private static JsonElement? ValueOf(User user, string attribute)
    {
        if (attribute == UserName)
        {
            return JsonSerializer.SerializeToElement(user.UserName);
        }

        if (attribute.StartsWith(AddressPart, StringComparison.Ordinal))
        {
            return StandardClaims.Find(user, ClaimNames.Address)?.GetRawValue() is JsonElement address
                && address.TryGetProperty(attribute[AddressPart.Length..], out var part) ? part : null;
        }

        return StandardClaims.Find(user, attribute)?.GetRawValue() is { } value ? JsonSerializer.SerializeToElement(value) : null;
    }

    private static T? Find<T>(OpenIddictServerTransaction transaction, string key) where T : class => transaction.GetProperty<T>(Property<T>(key));

    private static void Remember<T>(OpenIddictServerTransaction transaction, string key, T value) where T : class =>
        transaction.SetProperty(Property<T>(key), value);

    private static string Property<T>(string key) => $"{typeof(MappingSources).FullName}:{typeof(T).Name}:{key}";

    private sealed record Read<T>(T? Value);
}
