using OpenIddict.Server;

namespace IdentityProvider.Protocol;

/// <summary>Tells a request that somebody sent from one that is only rehearsed, for an administrator to see what would come of it.</summary>
internal static class Previews
{
    private static readonly string property = typeof(Previews).FullName!;
    private static readonly object mark = new();

    public static void MarkAsPreview(this OpenIddictServerTransaction transaction) => transaction.SetProperty(property, mark);

    public static bool IsPreview(this OpenIddictServerTransaction transaction) => transaction.GetProperty<object>(property) is not null;
}
