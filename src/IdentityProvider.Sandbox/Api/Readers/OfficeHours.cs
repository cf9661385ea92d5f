namespace IdentityProvider.Sandbox.Api.Readers;

/// <summary>When people work at the European desk.</summary>
internal static class OfficeHours
{
    public static readonly TimeOnly From = new(9, 0);
    public static readonly TimeOnly Until = new(17, 0);

    public static readonly DayOfWeek[] Days =
        [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday];

    // Windows knows the zone by this name; by the other one only with ICU, which this program does without.
    public static string TimeZone { get; } = OperatingSystem.IsWindows() ? "W. Europe Standard Time" : "Europe/Berlin";
}
