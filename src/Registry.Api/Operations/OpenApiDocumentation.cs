using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Registry.Api.Operations;

/// <summary>What the generated document says beyond the actions: who may call, and how an error looks.</summary>
internal static class OpenApiDocumentation
{
    public static void Describe(OpenApiOptions options)
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "The Registry", Version = "1",
                Description = "The register where collective bargaining on personal data becomes executable: sector agreements, mandates, collective portability. "
                    + "Errors are RFC 9457 problems; every code has a page under /problems/{code}.",
            };
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
            document.Components.SecuritySchemes["bearer"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", BearerFormat = "JWT" };
            document.Servers = [];
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            var filters = context.Description.ActionDescriptor.EndpointMetadata;
            if (filters.OfType<Security.OnlyForAttribute>().FirstOrDefault() is { } only) operation.Description = $"{operation.Description} Callers: {string.Join(", ", only.Roles)}.".Trim();
            if (!filters.OfType<Security.AnyoneAttribute>().Any())
            {
                operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("bearer", context.Document)] = [] }];
            }
            foreach (var (status, response) in operation.Responses ?? [])
            {
                if (response.Content is not { Count: > 0 } content) continue;
                var schema = content.Values.First();
                content.Clear();
                content[status.StartsWith('2') ? "application/json" : Http.Problems.MediaType] = schema;
            }
            return Task.CompletedTask;
        });
    }
}
