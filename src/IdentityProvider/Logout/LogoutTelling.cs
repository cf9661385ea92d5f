using IdentityProvider.Sessions;
using Microsoft.AspNetCore.Http;

namespace IdentityProvider.Logout;

/// <summary>After somebody signed out in this request: their clients are told, by this server and by the browser.</summary>
internal sealed class LogoutTelling(BackChannel backChannel, FrontChannelLogout frontChannel)
{
    /// <param name="session">The session that has ended; null when there was none.</param>
    /// <param name="then">Who asked, and where the person goes afterwards.</param>
    /// <returns>The query of our own page, and whether it must see that page because clients are told there.</returns>
    public async Task<(QueryString Telling, bool TellsClients)> TellAsync(CurrentSession? session, LogoutRequest? then, CancellationToken cancellationToken)
    {
        if (session is null)
        {
            return (QueryString.Empty, false);
        }

        var frames = await frontChannel.PageForAsync(session.Sid, then, cancellationToken);
        var query = frames ?? QueryString.Empty;
        if (await backChannel.TellAsync(session.UserId, cancellationToken) is { } receipt)
        {
            query = query.Add(LogoutReceipts.Parameter, receipt);
        }

        return (query, frames is not null);
    }

    /// <inheritdoc cref="FrontChannelLogout.ReturnAsync"/>
    public Task<FrontChannelReturn?> ReturnAsync(LogoutRequest? asked, CancellationToken cancellationToken) =>
        frontChannel.ReturnAsync(asked, cancellationToken);
}
