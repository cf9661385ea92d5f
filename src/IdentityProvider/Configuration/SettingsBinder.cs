using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace IdentityProvider.Configuration;

/// <summary>
/// Fills one options object from its section and says in sentences what does not fit.
/// The framework's binder either ignores what it does not know or throws on the first problem with a type name in it.
/// </summary>
internal static class SettingsBinder
{
    public static IEnumerable<PropertyInfo> SettingsOf(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.SetMethod?.IsPublic == true || IsList(property.PropertyType));

    public static void Bind(object target, IConfigurationSection section, List<string> problems)
    {
        foreach (var property in SettingsOf(target.GetType()))
        {
            var setting = section.GetSection(property.Name);
            if (IsList(property.PropertyType))
            {
                BindList((IList)property.GetValue(target)!, setting, problems);
            }
            // An empty value is an absent one: compose files and unit files pass unset variables on as empty strings.
            else if (setting.Value is { Length: > 0 } text)
            {
                BindValue(target, property, setting.Path, text, problems);
            }
            else if (setting.GetChildren().Any())
            {
                problems.Add($"{setting.Path} takes one value, not a section.");
            }
        }
    }

    private static bool IsList(Type type) => typeof(IList).IsAssignableFrom(type);

    // Either indexed children (a JSON array, or __0, __1 in the environment) or one comma-separated value.
    private static void BindList(IList list, IConfigurationSection setting, List<string> problems)
    {
        list.Clear();
        foreach (var part in setting.Value?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [])
        {
            list.Add(part);
        }

        foreach (var child in setting.GetChildren())
        {
            if (!int.TryParse(child.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _) || child.GetChildren().Any())
            {
                problems.Add($"{child.Path} is not an entry of a list; number the entries of {setting.Path} from 0.");
            }
            else if (child.Value is { Length: > 0 } entry)
            {
                list.Add(entry);
            }
        }
    }

    private static void BindValue(object target, PropertyInfo property, string key, string text, List<string> problems)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        if (!TryParse(type, text, out var value))
        {
            problems.Add($"{key} is \"{text}\"; {Expectation(type)}.");
            return;
        }

        if (property.GetCustomAttribute<RangeAttribute>() is { } range && !range.IsValid(value))
        {
            problems.Add($"{key} is {text}; give a value from {range.Minimum} to {range.Maximum}.");
            return;
        }

        property.SetValue(target, value);
    }

    private static bool TryParse(Type type, string text, out object? value)
    {
        value = null;
        if (type == typeof(string))
        {
            value = text;
        }
        else if (type == typeof(bool) && bool.TryParse(text, out var flag))
        {
            value = flag;
        }
        else if (type == typeof(int) && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            value = number;
        }
        // The colon is demanded because "90" would be read as ninety days, and the constant format because "24:00:00" would be 24 days.
        else if (type == typeof(TimeSpan) && text.Contains(':', StringComparison.Ordinal)
            && TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out var duration))
        {
            value = duration;
        }
        else if (type.IsEnum && Enum.GetNames(type).FirstOrDefault(name => name.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } name)
        {
            value = Enum.Parse(type, name);
        }

        return value is not null;
    }

    private static string Expectation(Type type) => type switch
    {
        _ when type == typeof(bool) => "write true or false",
        _ when type == typeof(int) => "write a whole number",
        _ when type == typeof(TimeSpan) => "write a duration as hours:minutes:seconds, with days before a point, such as 00:30:00 or 90.00:00:00",
        { IsEnum: true } => "use " + string.Join(" or ", Enum.GetNames(type)),
        _ => throw new NotSupportedException($"Settings of type {type} are not bound."),
    };
}
