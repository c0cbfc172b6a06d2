// The MCP SDK's Streamable HTTP transport with its in-memory event store, one store for each session.
import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout } from "node:timers/promises";
import { InMemoryEventStore } from "@modelcontextprotocol/sdk/examples/shared/inMemoryEventStore.js";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { listen, publisher, ready, tick } from "./program.ts";

const sessions = new Map<string, StreamableHTTPServerTransport>();
const servers = new Set<McpServer>();
const publish = async (data: string): Promise<void> => {
  for (const { server } of servers) await server.sendLoggingMessage({ level: "info", data });
};

async function open(): Promise<StreamableHTTPServerTransport> {
  const server = new McpServer({ name: "peer", version: "1.0.0" }, { capabilities: { logging: {} } });
  const transport: StreamableHTTPServerTransport = new StreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    eventStore: new InMemoryEventStore(),
    onsessioninitialized: (id) => void sessions.set(id, transport),
  });
  server.registerTool("count", { description: "counts to ten" }, async ({ sendNotification, _meta }) => {
    const progressToken = _meta?.progressToken ?? 0;
    for (let progress = 1; progress <= 10; progress += 1) {
      await setTimeout(100);
      await sendNotification({
        method: "notifications/progress",
        params: { progressToken, progress, total: 10 },
      });
    }
    return { content: [{ type: "text", text: "ten" }] };
  });
  await server.connect(transport);
  servers.add(server);
  return transport;
}

const origin = await listen(async (req: IncomingMessage, res: ServerResponse) => {
  const id = req.headers["mcp-session-id"]?.toString();
  const transport = id === undefined ? await open() : sessions.get(id);
  if (transport) await transport.handleRequest(req, res);
  else res.writeHead(404).end();
});
tick(publish);
ready({ url: `${origin}/mcp`, publish: await publisher(publish) });
