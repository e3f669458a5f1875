using System.Reflection;
using FluentValidation;
using MediatR;
using Registry.Application.Instance;
using Registry.Application.Members;
using Registry.Application.Operations;
using Registry.Application.Organisations;
using Registry.Application.PortabilityRequests;
using Registry.Application.Mandates;
using Registry.Application.Terms;
using Registry.EventStore.Streams;
using Registry.EventStore.Views;

namespace Registry.Application;

/// <summary>A service of the application: made once, or once per call.</summary>
/// <param name="Instance">Somebody else's to dispose of: a container only hands it out.</param>
public sealed record Registration(Type Service, bool PerCall, Type? Implementation, Func<IServiceProvider, object>? Make, object? Instance = null);

/// <summary>Everything that the application brings, for whichever container the host uses.</summary>
public static class Composition
{
    private static readonly Type[] PerCall =
    [
        typeof(CallContext), typeof(Ledger), typeof(Readings), typeof(WeighedSides), typeof(Agreements.AtTheTable), typeof(Agreements.AgreementStory), typeof(Agreements.Jurisdiction), typeof(TermsThen), typeof(Deciding), typeof(MandatesAsked), typeof(People), typeof(DeedReading),
        typeof(MandateReadings), typeof(OtherMandates), typeof(Accepting), typeof(MembersWords), typeof(UsesOfMandate), typeof(Receipts), typeof(Myself), typeof(LinesOfMandate), typeof(RequestReadings), typeof(Answering), typeof(OwnLines), typeof(Cohort), typeof(Filing), typeof(MandateImport), typeof(Staging), typeof(StoppedOperations),
    ];

    public static IEnumerable<Registration> Of(RegistryInstance instance)
    {
        yield return Once(instance);
        yield return Once(instance.Law);
        yield return Once(instance.Clock);
        yield return Once(instance.Vault);
        yield return Once(instance.Queue);
        yield return Once(new EventCatalogue());
        yield return Once(RegistryInstance.Views);
        yield return Once(instance.Log);
        yield return Once(instance.Terms);
        yield return new Registration(typeof(ViewReader), true, null, services =>
        {
            var call = (CallContext)services.GetService(typeof(CallContext))!;
            return new ViewReader(instance.Reads, instance.Database, () => call.ReadsAs);
        });
        yield return Once(new KeysUnderWay());
        yield return Once(new KnownOrganisations());
        yield return Once(new Dissolutions(instance.Itself, RegistryInstance.Views));
        yield return Once(new Subjects(instance.Itself, RegistryInstance.Views));
        foreach (var type in PerCall) yield return new Registration(type, true, type, null);
        yield return new Registration(typeof(IMediator), true, null, services => new Mediator(type => services.GetService(type)!));
        foreach (var registration in Requests()) yield return registration;
    }

    /// <summary>Handlers, validators, and the behaviours around every request, in the order in which they are passed.</summary>
    private static IEnumerable<Registration> Requests()
    {
        foreach (var type in Assembly.GetExecutingAssembly().GetTypes().Where(t => t is { IsClass: true, IsAbstract: false, ContainsGenericParameters: false }))
        {
            foreach (var contract in type.GetInterfaces().Where(i => i.IsGenericType))
            {
                if (contract.GetGenericTypeDefinition() == typeof(IValidator<>) && type.IsPublic) yield return new Registration(contract, false, type, null);
                if (contract.GetGenericTypeDefinition() != typeof(IRequestHandler<,>)) continue;
                yield return new Registration(contract, true, type, null);
                var (request, reply) = (contract.GenericTypeArguments[0], contract.GenericTypeArguments[1]);
                var behaviour = typeof(IPipelineBehavior<,>).MakeGenericType(request, reply);
                foreach (var open in Around(request, reply.GenericTypeArguments[0])) yield return new Registration(behaviour, true, open.MakeGenericType(request, reply.GenericTypeArguments[0]), null);
            }
        }
    }

    /// <summary>What a request passes, in this order: a guard that has nothing to look at for a kind of request is not in its way.</summary>
    private static IEnumerable<Type> Around(Type request, Type view)
    {
        if (Assembly.GetExecutingAssembly().GetTypes().Any(t => typeof(IValidator<>).MakeGenericType(request).IsAssignableFrom(t))) yield return typeof(Validation<,>);
        yield return typeof(OncePerKey<,>);
        if (typeof(IDiscloses<>).MakeGenericType(view).IsAssignableFrom(request)) yield return typeof(PurposeGuard<,>);
        if (typeof(IKeptUntil).IsAssignableFrom(view)) yield return typeof(RetentionGuard<,>);
    }

    private static Registration Once(object service) => new(service.GetType(), false, null, null, service);
}
