# For people with an engine. Everybody else: ./registry up
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY . .
RUN dotnet publish src/Registry.Api -c Release -o /registry --nologo

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /registry
COPY --from=build /registry .
RUN mkdir /data && chown app:app /data
USER app
VOLUME /data
EXPOSE 8080
ENTRYPOINT ["dotnet", "Registry.Api.dll", "up", "--urls", "http://0.0.0.0:8080", "--data", "/data"]
