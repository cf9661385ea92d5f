using Microsoft.Extensions.Hosting;

namespace IdentityProvider.Configuration;

/// <summary>The folder <c>data/</c> in the program's content root, where the embedded default keeps what must survive a restart.</summary>
internal sealed class DataFolder(IHostEnvironment environment)
{
    public string PathOf(string fileName) => Path.Combine(environment.ContentRootPath, "data", fileName);

    /// <summary>Makes the folder, readable by this account only, when it is not there.</summary>
    public void Ensure()
    {
        var path = Path.Combine(environment.ContentRootPath, "data");
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
