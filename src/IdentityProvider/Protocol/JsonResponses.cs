using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Http;
using OpenIddict.Server;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Server.AspNetCore.OpenIddictServerAspNetCoreHandlers;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace IdentityProvider.Protocol;

/// <summary>
/// Writes an answer as JSON the way the library does, into a buffer that the thread keeps: the library's would grow three times under a token response,
/// and be copied to a stream and from there to the connection.
/// </summary>
internal static class JsonResponses
{
    private static readonly JsonWriterOptions format = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [ThreadStatic]
    private static Buffer? buffer;

    public static OpenIddictServerHandlerDescriptor BuiltIn<TContext>() where TContext : BaseRequestContext => ProcessJsonResponse<TContext>.Descriptor;

    public static OpenIddictServerHandlerDescriptor Ours<TContext>() where TContext : BaseRequestContext =>
        OpenIddictServerHandlerDescriptor.CreateBuilder<TContext>()
            .AddFilter<OpenIddictServerAspNetCoreHandlerFilters.RequireHttpRequest>()
            .UseSingletonHandler<WriteJson<TContext>>()
            .SetOrder(BuiltIn<TContext>().Order)
            .Build();

    /// <summary>Writes any answer in the same way. Its content type is the caller's.</summary>
    public static void Write<TState>(HttpResponse response, TState state, Action<Utf8JsonWriter, TState> write)
    {
        var written = buffer is { Bytes.Capacity: <= Buffer.LargestKept } kept ? kept : buffer = new Buffer();
        written.Bytes.ResetWrittenCount();
        written.Writer.Reset();
        write(written.Writer, state);
        written.Writer.Flush();
        response.ContentLength = written.Bytes.WrittenCount;
        response.BodyWriter.Write(written.Bytes.WrittenSpan);
    }

    private sealed class WriteJson<TContext> : IOpenIddictServerHandler<TContext> where TContext : BaseRequestContext
    {
        public async ValueTask HandleAsync(TContext context)
        {
            var response = context.Transaction.GetHttpRequest()!.HttpContext.Response;
            response.ContentType = "application/json;charset=UTF-8";
            Write(response, context.Transaction.Response!, static (writer, answer) => answer.WriteTo(writer));
            await response.BodyWriter.FlushAsync(context.CancellationToken);
            context.HandleRequest();
        }
    }

    private sealed class Buffer
    {
        public const int LargestKept = 64 * 1024;

        private const int UsualLength = 4096;

        public Buffer() => Writer = new Utf8JsonWriter(Bytes, format);

        public ArrayBufferWriter<byte> Bytes { get; } = new(UsualLength);

        public Utf8JsonWriter Writer { get; }
    }
}
