using System.Text.Json;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.ModelBinding.Metadata;
using Registry.Api.Http;
using Registry.Api.Security;
using Registry.Application;
using Registry.Application.Instance;
using Serilog;
using Serilog.Formatting.Json;

namespace Registry.Api.Operations;

/// <summary>The composition of the service, and the walk of a request through it.</summary>
public static class RegistryHost
{
    public static WebApplication Build(RegistryInstance instance, TimeProvider machine, string urls, Action<WebApplicationBuilder>? configure = null, Serilog.Core.ILogEventSink? sink = null)
    {
        // Without a watch on the settings: it would cover every folder below the one that the service was started in.
        var builder = WebApplication.CreateSlimBuilder(["--hostBuilder:reloadConfigOnChange=false"]);
        builder.WebHost.UseKestrelHttpsConfiguration().UseUrls(urls);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = 1 << 20;
            kestrel.AddServerHeader = false;
        });
        configure?.Invoke(builder);
        builder.Logging.ClearProviders().AddSerilog(Logger(sink), dispose: true);
        AddServices(builder.Services, builder.Configuration, instance, machine);
        var app = builder.Build();
        Walk(app);
        return app;
    }

    /// <summary>JSON lines on standard output, one line a request.</summary>
    private static Serilog.Core.Logger Logger(Serilog.Core.ILogEventSink? sink)
    {
        var logger = new LoggerConfiguration().MinimumLevel.Information().Enrich.With(new NoPath())
            .MinimumLevel.Override("Microsoft", Serilog.Events.LogEventLevel.Warning).MinimumLevel.Override("System", Serilog.Events.LogEventLevel.Warning)
            .MinimumLevel.Override("Microsoft.Extensions.Hosting", Serilog.Events.LogEventLevel.Fatal);
        return (sink is null ? logger.WriteTo.Console(new JsonFormatter(renderMessage: true)) : logger.WriteTo.Sink(sink)).CreateLogger();
    }

    private static void AddServices(IServiceCollection services, ConfigurationManager configuration, RegistryInstance instance, TimeProvider machine)
    {
        foreach (var r in Composition.Of(instance)) services.Add(Descriptor(r));
        services.AddSingleton(machine);
        services.AddSingleton(new CallDigests(instance.Options.Data.Key("call-digest", 32)));
        services.AddSingleton(new Cursors(instance.Options.Data.Key("cursor", 32)));
        var issuer = instance.Options.Evaluation ? new EmbeddedIssuer(instance.Options.Data, machine) : null;
        if (issuer is not null) services.AddSingleton(issuer);
        services.AddSingleton(new TrustedIssuers(issuer, configuration.GetSection("Registry:Issuers").Get<TrustedIssuer[]>() ?? []));
        services.AddSingleton<GoodTokens>();
        services.AddWebEncoders();
        services.AddTransient<BearerTokens>();
        services.AddAuthenticationCore(authentication =>
        {
            authentication.DefaultScheme = BearerTokens.SchemeName;
            authentication.AddScheme<BearerTokens>(BearerTokens.SchemeName, null);
        });
        Limits.Add(services, configuration);
        services.AddHostedService<OperationRunner>();
        services.AddHostedService<Housekeeping>();
        services.AddSingleton<Readiness>();
        services.AddSingleton<Terms.TermsReadLately>();
        services.AddControllers(mvc =>
        {
            mvc.InputFormatters.Clear();
            mvc.InputFormatters.Add(new StrictJsonFormatter());
            mvc.ModelBinderProviders.Insert(0, new StrictParameters());
            mvc.ModelMetadataDetailsProviders.Add(new BodiesAreRead());
            mvc.ValueProviderFactories.Clear();
            mvc.ValueProviderFactories.Add(new RouteValueProviderFactory());
            mvc.ValueProviderFactories.Add(new QueryStringValueProviderFactory());
            mvc.ValueProviderFactories.Add(new FormValueProviderFactory());
            mvc.Filters.Add<CallFilter>();
            mvc.ModelMetadataDetailsProviders.Add(new SystemTextJsonValidationMetadataProvider());
            mvc.AllowEmptyInputInBodyModelBinding = true;
        }).AddApplicationPart(typeof(RegistryHost).Assembly).ConfigureApiBehaviorOptions(api =>
        {
            api.InvalidModelStateResponseFactory = InvalidModel.Problem;
            api.SuppressMapClientErrors = true;
        }).AddJsonOptions(json => Take(RegistryJson.Answered, json.JsonSerializerOptions));
        services.ConfigureHttpJsonOptions(json => Take(RegistryJson.Answered, json.SerializerOptions));
        services.AddOpenApi("v1", OpenApiDocumentation.Describe);
    }

    private static void Walk(WebApplication app)
    {
        app.UseMiddleware<RequestLog>();
        app.UseMiddleware<Failures>();
        app.UseRouting();
        app.UseAuthentication();
        app.UseRateLimiter();
        app.UseMiddleware<NoStore>();
        app.MapControllers();
        app.MapOpenApi("/openapi/{documentName}.json");
        app.UseSwaggerUI(ui =>
        {
            ui.RoutePrefix = "docs";
            ui.DocumentTitle = "The Registry";
            ui.SwaggerEndpoint("/openapi/v1.json", "v1");
        });
        Pages.Map(app);
    }

    private static void Take(JsonSerializerOptions from, JsonSerializerOptions to)
    {
        to.TypeInfoResolver = from.TypeInfoResolver;
        to.PropertyNameCaseInsensitive = false;
        to.NumberHandling = from.NumberHandling;
        to.DefaultIgnoreCondition = from.DefaultIgnoreCondition;
        to.RespectNullableAnnotations = from.RespectNullableAnnotations;
        to.RespectRequiredConstructorParameters = from.RespectRequiredConstructorParameters;
        to.UnmappedMemberHandling = from.UnmappedMemberHandling;
        to.Encoder = from.Encoder;
        foreach (var converter in from.Converters) to.Converters.Add(converter);
    }

    private static ServiceDescriptor Descriptor(Registration r)
    {
        var lifetime = r.PerCall ? ServiceLifetime.Scoped : ServiceLifetime.Singleton;
        if (r.Instance is { } instance) return new ServiceDescriptor(r.Service, instance);
        return r.Make is { } make ? new ServiceDescriptor(r.Service, make, lifetime) : new ServiceDescriptor(r.Service, r.Implementation!, lifetime);
    }
}

/// <summary>A body's shape is checked as it is read, and by the application's validators: MVC need not go through it again.</summary>
internal sealed class BodiesAreRead : IValidationMetadataProvider
{
    public void CreateValidationMetadata(ValidationMetadataProviderContext context) => context.ValidationMetadata.ValidateChildren = false;
}

/// <summary>What is about an act or a person is kept by nobody in between.</summary>
public sealed class NoStore(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext http)
    {
        http.Response.OnStarting(() =>
        {
            if (http.Response.Headers.CacheControl.Count == 0) http.Response.Headers.CacheControl = "private, no-store";
            return Task.CompletedTask;
        });
        return next(http);
    }
}

/// <summary>A path is what somebody typed; the route's template is what is logged.</summary>
internal sealed class NoPath : Serilog.Core.ILogEventEnricher
{
    public void Enrich(Serilog.Events.LogEvent logEvent, Serilog.Core.ILogEventPropertyFactory propertyFactory) => logEvent.RemovePropertyIfPresent("RequestPath");
}
