using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Registry.Api.Operations;
using Registry.Api.Security;
using Registry.Application.Instance;
using Registry.Application.Mandates;

namespace Registry.Benchmarks;

/// <summary>
/// The service in a process of its own, with the floors of HTTP beside it: an action of the same host, behind the same
/// token check, request log and body reading, that returns a constant; and a bare Kestrel endpoint that does nothing.
/// </summary>
internal static class ServedFloors
{
    public static async Task<int> Run(string folder)
    {
        var options = new InstanceOptions(new DataFolder(folder), Path.Combine(AppContext.BaseDirectory, "law"), null, null, null, null, null, true);
        using var held = options.Data.Lock();
        await using var instance = await RegistryInstance.Open(options, TimeProvider.System, CancellationToken.None);
        await TellIndex(instance);
        await using var app = RegistryHost.Build(
            instance, TimeProvider.System, "http://127.0.0.1:0", builder => builder.Services.AddControllers().AddApplicationPart(typeof(ConstantController).Assembly));
        await using var bare = Bare();
        await app.StartAsync();
        await bare.StartAsync();
        await Console.Error.WriteLineAsync($"serves {app.Urls.First()} {bare.Urls.First()}");
        await app.WaitForShutdownAsync();
        return 0;
    }

    private static async Task TellIndex(RegistryInstance instance)
    {
        var (before, clock) = (GC.GetTotalMemory(forceFullCollection: true), Stopwatch.StartNew());
        var terms = (await instance.Terms.ReadOn(CancellationToken.None)).Terms;
        var took = clock.Elapsed;
        var memory = GC.GetTotalMemory(forceFullCollection: true) - before;
        await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"index of {terms.Count} agreements: ready in {took.TotalSeconds:0.0} s, {memory / 1e6:0} MB live"));
    }

    private static WebApplication Bare()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var bare = builder.Build();
        bare.Run(async http =>
        {
            await http.Request.Body.CopyToAsync(Stream.Null);
            http.Response.ContentType = "application/json";
            var body = Constant.OfLength(int.TryParse(http.Request.Path.Value.AsSpan(1), out var length) ? length : Constant.Body.Length);
            http.Response.ContentLength = body.Length;
            await http.Response.Body.WriteAsync(body);
        });
        return bare;
    }
}

/// <summary>As long as a granted mandate's answer.</summary>
internal static class Constant
{
    public static readonly byte[] Body = JsonSerializer.SerializeToUtf8Bytes(new { text = new string('x', 900) });

    private static readonly ConcurrentDictionary<int, byte[]> Known = new();

    public static byte[] OfLength(int length) => Known.GetOrAdd(length, static n => [.. Enumerable.Repeat((byte)'x', n)]);
}

/// <summary>What every action pays before it does anything.</summary>
[ApiController]
[Route("bench")]
public sealed class ConstantController : ControllerBase
{
    [HttpPost("constant"), OnlyFor(Roles.Member)]
    public IActionResult Post(MandateAsked body) => new ConstantResult(body.Scopes.Count + HttpContext.Items.Count);

    /// <summary>Behind any token, with a constant of a length; the body of the call is not even read.</summary>
    [HttpPost("decisions/{length:int}"), HttpGet("terms/{length:int}"), AnyToken]
    public IActionResult OfLength(int length) => File(Constant.OfLength(length), "application/json; charset=utf-8");

    [HttpGet("unchanged"), AnyToken]
    public IActionResult Unchanged() => StatusCode(304);

    private sealed class ConstantResult(int scopes) : IActionResult
    {
        public async Task ExecuteResultAsync(ActionContext context)
        {
            context.HttpContext.Response.StatusCode = scopes > 0 ? 201 : 200;
            context.HttpContext.Response.ContentType = "application/json";
            context.HttpContext.Response.ContentLength = Constant.Body.Length;
            await context.HttpContext.Response.Body.WriteAsync(Constant.Body);
        }
    }
}
