using OpenIddict.Server;

namespace IdentityProvider.Permissions;

/// <summary>What was read of somebody's access for this request, for whoever needs it after that.</summary>
internal static class RememberedAccess
{
    private static readonly string property = typeof(RememberedAccess).FullName!;

    public static void Remember(OpenIddictServerTransaction transaction, string resource, EffectiveAccess access) =>
        transaction.SetProperty(property, new AtResource(resource, access));

    public static EffectiveAccess? Find(OpenIddictServerTransaction transaction, string resource) =>
        transaction.GetProperty<AtResource>(property) is { } known && known.Resource == resource ? known.Access : null;

    private sealed record AtResource(string Resource, EffectiveAccess Access);
}
