namespace IdentityProvider.Sandbox;

/// <summary>The sandbox cannot start, for a reason that one sentence to the person at the keyboard explains.</summary>
internal sealed class SandboxRefusedException(string sentence) : Exception(sentence);
