using System.Globalization;
using System.Linq.Expressions;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Registry.Domain.Terms;

namespace Registry.Application;

/// <summary>Kept with a view and never answered.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class KeptAttribute : Attribute;

/// <summary>How the registry writes JSON: once for what it stores, once for what it answers.</summary>
public static class RegistryJson
{
    /// <summary>Events and views: nulls left out, decimals as text, so that only integers and strings are hashed.</summary>
    public static JsonSerializerOptions Stored { get; } = Make(stored: true);

    /// <summary>Answers and bodies: nulls written, decimals as numbers, nothing that is marked as kept.</summary>
    public static JsonSerializerOptions Answered { get; } = Make(stored: false);

    /// <summary>An enumeration's value as it is written.</summary>
    public static string Word<T>(T value) where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    private static JsonSerializerOptions Make(bool stored)
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            PropertyNameCaseInsensitive = false,
            NumberHandling = JsonNumberHandling.Strict,
            AllowDuplicateProperties = false,
            UnmappedMemberHandling = stored ? JsonUnmappedMemberHandling.Skip : JsonUnmappedMemberHandling.Disallow,
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = !stored,
            DefaultIgnoreCondition = stored ? JsonIgnoreCondition.WhenWritingNull : JsonIgnoreCondition.Never,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            MaxDepth = 32,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { LeaveTermsBare, stored ? _ => { } : LeaveOutKept } },
        };
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        options.Converters.Add(new IdConverterFactory());
        options.Converters.Add(new InstantConverter());
        options.Converters.Add(stored ? new DecimalAsText() : new LegalDate());
        options.MakeReadOnly();
        return options;
    }

    /// <summary>A term is hashed as it is answered: what it does not say is not there.</summary>
    private static void LeaveTermsBare(JsonTypeInfo type)
    {
        if (type.Type != typeof(DataTerm) && type.Type != typeof(Entitlements) && type.Type != typeof(PortabilityEntitlement)) return;
        foreach (var property in type.Properties) property.ShouldSerialize = (_, value) => value is not null;
    }

    private static void LeaveOutKept(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object) return;
        var kept = type.Type.GetProperties().Where(p => p.IsDefined(typeof(KeptAttribute), false))
            .Concat(type.Type.GetConstructors().SelectMany(c => c.GetParameters()).Where(p => p.IsDefined(typeof(KeptAttribute), false))
                .Select(p => type.Type.GetProperty(p.Name!)!))
            .Select(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name)).ToHashSet(StringComparer.Ordinal);
        foreach (var property in type.Properties.Where(p => kept.Contains(p.Name))) property.ShouldSerialize = (_, _) => false;
    }

    /// <summary>Ids and codes are records of one value and are written as that value.</summary>
    private sealed class IdConverterFactory : JsonConverterFactory
    {
        public override bool CanConvert(Type type) =>
            type is { IsValueType: true, Namespace: "Registry.Domain.Kernel" } && type.Name.EndsWith("Id", StringComparison.Ordinal) || type == typeof(Domain.Kernel.MemberRef);

        public override JsonConverter CreateConverter(Type type, JsonSerializerOptions options) =>
            (JsonConverter)Activator.CreateInstance(typeof(IdConverter<>).MakeGenericType(type))!;
    }

    private sealed class IdConverter<T> : JsonConverter<T> where T : struct
    {
        private static readonly Func<Guid, T> Make = Compile<Func<Guid, T>>(value => Expression.New(typeof(T).GetConstructor([typeof(Guid)])!, value), typeof(Guid));
        private static readonly Func<T, Guid> Value = Compile<Func<T, Guid>>(id => Expression.Property(id, "Value"), typeof(T));

        public override T Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && reader.TryGetGuid(out var id) ? Make(id) : throw new JsonException();

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(Value(value));

        public override T ReadAsPropertyName(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            Guid.TryParseExact(reader.GetString(), "D", out var id) ? Make(id) : throw new JsonException();

        public override void WriteAsPropertyName(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WritePropertyName(Value(value).ToString());

        private static TFunc Compile<TFunc>(Func<ParameterExpression, Expression> body, Type from)
        {
            var it = Expression.Parameter(from);
            return Expression.Lambda<TFunc>(body(it), it).Compile();
        }
    }

    /// <summary>RFC 3339 in UTC with <c>Z</c>, at most six decimals.</summary>
    private sealed class InstantConverter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && reader.GetString() is { } text && text.EndsWith('Z') && reader.TryGetDateTimeOffset(out var at)
                && LegalDates.Holds(DateOnly.FromDateTime(at.UtcDateTime)) ? at : throw new JsonException();

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture));
    }

    /// <summary>A date that law can mean; stored ones have been held against this before.</summary>
    private sealed class LegalDate : JsonConverter<DateOnly>
    {
        public override DateOnly Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && LegalDates.Parse(reader.GetString()) is { } day ? day : throw new JsonException();

        public override void Write(Utf8JsonWriter writer, DateOnly value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
    }

    private sealed class DecimalAsText : JsonConverter<decimal>
    {
        public override decimal Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            decimal.Parse(reader.GetString()!, NumberStyles.Number, CultureInfo.InvariantCulture);

        public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString(CultureInfo.InvariantCulture));
    }
}
