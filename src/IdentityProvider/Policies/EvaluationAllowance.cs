namespace IdentityProvider.Policies;

/// <summary>How many steps the conditions that one request asks for may take together. When they are used up no condition has a value, so that what forbids holds. Not for several threads.</summary>
internal sealed class EvaluationAllowance(int steps)
{
    /// <summary>About a twentieth of a second. A hundred questions with a hundred ordinary conditions each take a fifth of it.</summary>
    public const int OfRequest = 1_000_000;

    public int Left { get; private set; } = steps;

    public void Spend(int taken) => Left -= taken;
}
