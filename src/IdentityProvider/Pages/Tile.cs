namespace IdentityProvider.Pages;

/// <summary>The picture at the head of a card: an application's logo, or its initial where there is none or it cannot be loaded.</summary>
/// <param name="Name">The name whose initial is shown; null for the product's own mark.</param>
/// <param name="LogoUri">https, or one of our own assets; null when there is no logo.</param>
internal sealed record Tile(string? Name, string? LogoUri = null)
{
    /// <summary>The product's own mark, for pages where no application is involved.</summary>
    public static Tile Product { get; } = new(Name: null);

    public string Initial => Initials.Of(Name);
}
