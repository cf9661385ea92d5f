using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace IdentityProvider.Configuration;

/// <summary>
/// The one way options are bound: every capability asks here for its section, then <see cref="ThrowIfWrong"/> refuses to start
/// when any of them found a problem or when the configuration has a key that nobody asked for.
/// </summary>
internal sealed class Settings(IConfiguration configuration, IHostEnvironment environment)
{
    private readonly Dictionary<string, Type> sections = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> problems = [];

    public IHostEnvironment Environment { get; } = environment;

    /// <summary>The sections asked for so far, by full path.</summary>
    public IReadOnlyDictionary<string, Type> Sections => sections;

    /// <summary>Binds and checks a section once, remembering what is wrong with it.</summary>
    public T Read<T>(string path) where T : class, new()
    {
        var options = new T();
        SettingsBinder.Bind(options, configuration.GetSection(path), problems);
        if (sections.TryAdd(path, typeof(T)) && options is ICheckedSettings check)
        {
            problems.AddRange(check.Problems(Environment));
        }

        return options;
    }

    /// <summary>Fills options made by the options system, whose problems <see cref="Read{T}"/> has already told.</summary>
    public void Fill<T>(T options, string path) where T : class =>
        SettingsBinder.Bind(options, configuration.GetSection(path), []);

    /// <summary>For a rule that spans two sections.</summary>
    public void Report(string problem) => problems.Add(problem);

    public void ThrowIfWrong()
    {
        var root = configuration.GetSection(ProviderOptions.Section);
        var all = problems.Concat(UnknownKeys.Below(root, sections)).Distinct().ToList();
        if (all.Count > 0)
        {
            throw new StartRefusedException(all);
        }
    }
}

internal static class SettingsExtensions
{
    /// <summary>Binds <paramref name="path"/> to options of this type, for injection as <c>IOptions</c> and for the caller's own registrations.</summary>
    /// <param name="services">The services of an application that <c>AddIdentityProvider</c> is being called on.</param>
    /// <param name="path">The whole path, such as <c>IdentityProvider:Database</c>.</param>
    public static T AddSettings<T>(this IServiceCollection services, string path) where T : class, new()
    {
        var settings = services.Settings();
        services.AddOptions<T>().Configure(options => settings.Fill(options, path));
        return settings.Read<T>(path);
    }

    /// <summary>The settings of the application that is being put together.</summary>
    public static Settings Settings(this IServiceCollection services) =>
        (Settings)services.Single(service => service.ServiceType == typeof(Settings)).ImplementationInstance!;
}
