// Shows the document that this server serves. Nothing is asked of anybody else: no fonts, no proxy, no telemetry.
Scalar.createApiReference("#app", {
  url: "/openapi.json",
  withDefaultFonts: false,
  telemetry: false,
  agent: { disabled: true },
  mcp: { disabled: true },
  hideClientButton: true,
  showDeveloperTools: "never",
  documentDownloadType: "json",
  persistAuth: false,
  defaultOpenFirstTag: true,
  hiddenClients: true, // the document has a curl line of its own for every operation
  authentication: { preferredSecurityScheme: "apiKey" },
});
