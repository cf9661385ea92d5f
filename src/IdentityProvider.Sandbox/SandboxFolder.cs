namespace IdentityProvider.Sandbox;

/// <summary>The folder <c>data/</c>, in which every application keeps its own things, held by one sandbox at a time.</summary>
internal sealed class SandboxFolder : IDisposable
{
    private readonly FileStream held;

    private SandboxFolder(string root, string path, FileStream held)
    {
        Root = root;
        Path = path;
        this.held = held;
    }

    /// <summary>The folder that <c>data/</c> lies in: the provider's content root.</summary>
    public string Root { get; }

    public string Path { get; }

    /// <exception cref="SandboxRefusedException">Another sandbox works there.</exception>
    public static SandboxFolder Open(string root)
    {
        var path = System.IO.Path.Combine(System.IO.Path.GetFullPath(root), "data");
        CreatePrivate(path);
        try
        {
            var file = new FileStream(
                System.IO.Path.Combine(path, "sandbox.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return new SandboxFolder(System.IO.Path.GetFullPath(root), path, file);
        }
        catch (IOException)
        {
            throw new SandboxRefusedException(
                $"Another sandbox is using {path}: stop it, or give this one a folder of its own with --data.");
        }
    }

    /// <summary>A folder that belongs to one application.</summary>
    public DirectoryInfo Of(string application) => CreatePrivate(System.IO.Path.Combine(Path, application));

    public string PathOf(string fileName) => System.IO.Path.Combine(Path, fileName);

    public void Dispose() => held.Dispose();

    private static DirectoryInfo CreatePrivate(string path) => OperatingSystem.IsWindows()
        ? Directory.CreateDirectory(path)
        : Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
}
