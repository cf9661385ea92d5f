using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Preview;

/// <summary>What tokens somebody would get, for administrators (docs/preview.md). No endpoint of its own, no row: the command <c>preview</c> and the administration API ask <see cref="TokenPreview"/>.</summary>
internal static class PreviewFeature
{
    public static IServiceCollection AddPreview(this IServiceCollection services) => services
        .AddScoped<Rehearsal>()
        .AddScoped<GrantRehearsal>()
        .AddScoped<TokenAnswers>()
        .AddScoped<AccessNotes>()
        .AddScoped<TokenPreview>();
}
