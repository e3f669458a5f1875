using Registry.Api.Operations;

return await Verbs.Run(args);
