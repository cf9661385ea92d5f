namespace IdentityProvider.Policies.Conditions;

/// <summary>A text is no condition. Never leaves <see cref="Condition.Read"/>.</summary>
/// <param name="position">Where in the text, from 0.</param>
internal sealed class ConditionRefusedException(int position, string sentence) : FormatException(sentence)
{
    public int Position => position;
}
