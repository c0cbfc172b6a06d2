/** The header fields of a new session of an MCP server. */
export async function initialize(url: string): Promise<Readonly<Record<string, string>>> {
  const fields = { Accept: "application/json, text/event-stream", "Content-Type": "application/json" };
  const post = (body: object, more: Readonly<Record<string, string>> = {}): Promise<Response> =>
    fetch(url, {
      method: "POST",
      headers: { ...fields, ...more },
      body: JSON.stringify({ jsonrpc: "2.0", ...body }),
    });
  const version = "2025-11-25";
  const clientInfo = { name: "peers", version: "1.0.0" };
  const params = { protocolVersion: version, capabilities: {}, clientInfo };
  const response = await post({ id: 1, method: "initialize", params });
  const session = {
    "Mcp-Session-Id": response.headers.get("mcp-session-id") ?? "",
    "MCP-Protocol-Version": version,
  };
  await response.text();
  await (await post({ method: "notifications/initialized" }, session)).text();
  return session;
}
