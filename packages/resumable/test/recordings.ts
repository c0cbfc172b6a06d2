// Our own recordings of streams, in the shapes of public formats. Together they use all that an event stream may contain.

/** A stream as its provider sends it. */
export interface Recording {
  readonly name: string;
  readonly text: string;
}

const data = (...values: readonly unknown[]): string =>
  values.map((value) => `data: ${JSON.stringify(value)}\n\n`).join("");

const named = (...values: readonly { readonly type: string }[]): string =>
  values.map((value) => `event: ${value.type}\ndata: ${JSON.stringify(value)}\n\n`).join("");

const WORDS = ["Tides", " rise", " 🌊", " and\nfall", "."];

const chunk = (delta: object, finish: string | null = null): object => ({
  id: "chatcmpl-1",
  object: "chat.completion.chunk",
  created: 1_764_000_000,
  model: "stand-in",
  choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
});

const OPENAI_CHAT = `${data(chunk({ role: "assistant", content: "" }), ...WORDS.map((content) => chunk({ content })), chunk({}, "stop"))}data: [DONE]\n\n`;

const response = (status: string): object => ({
  id: "resp_1",
  object: "response",
  status,
  model: "stand-in",
  output: [],
});

const OPENAI_RESPONSES = named(
  { type: "response.created", sequence_number: 0, response: response("in_progress") } as { type: string },
  ...WORDS.map((delta, n) => ({
    type: "response.output_text.delta",
    sequence_number: n + 1,
    item_id: "msg_1",
    output_index: 0,
    content_index: 0,
    delta,
  })),
  { type: "response.completed", sequence_number: 6, response: response("completed") } as { type: string },
);

const ANTHROPIC = `${named(
  {
    type: "message_start",
    message: {
      id: "msg_1",
      type: "message",
      role: "assistant",
      model: "stand-in",
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { input_tokens: 3, output_tokens: 1 },
    },
  } as { type: string },
  { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } } as { type: string },
  { type: "ping" },
  ...WORDS.map((text) => ({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text } })),
  { type: "content_block_stop", index: 0 } as { type: string },
  {
    type: "message_delta",
    delta: { stop_reason: "end_turn", stop_sequence: null },
    usage: { output_tokens: 6 },
  } as { type: string },
  { type: "message_stop" },
)}`;

const AI_SDK = `${data(
  { type: "start", messageId: "m1" },
  { type: "start-step" },
  { type: "text-start", id: "t1" },
  ...WORDS.map((delta) => ({ type: "text-delta", id: "t1", delta })),
  { type: "text-end", id: "t1" },
  { type: "finish-step" },
  { type: "finish" },
)}data: [DONE]\n\n`;

const AG_UI = data(
  { type: "RUN_STARTED", threadId: "t", runId: "r" },
  { type: "TEXT_MESSAGE_START", messageId: "m", role: "assistant" },
  ...WORDS.map((delta) => ({ type: "TEXT_MESSAGE_CONTENT", messageId: "m", delta })),
  { type: "TEXT_MESSAGE_END", messageId: "m" },
  { type: "RUN_FINISHED", threadId: "t", runId: "r" },
);

const rpc = (result: object): object => ({ jsonrpc: "2.0", id: 1, result });

const A2A = data(
  rpc({ kind: "task", id: "task-1", contextId: "c", status: { state: "submitted" } }),
  ...WORDS.map((text, n) =>
    rpc({
      kind: "artifact-update",
      taskId: "task-1",
      contextId: "c",
      append: n > 0,
      artifact: { artifactId: "a", parts: [{ kind: "text", text }] },
    }),
  ),
  rpc({
    kind: "status-update",
    taskId: "task-1",
    contextId: "c",
    status: { state: "completed" },
    final: true,
  }),
);

/** Sends ids of its own. */
const MCP = [
  { jsonrpc: "2.0", method: "notifications/progress", params: { progressToken: 1, progress: 1, total: 2 } },
  { jsonrpc: "2.0", method: "notifications/progress", params: { progressToken: 1, progress: 2, total: 2 } },
  rpc({ content: [{ type: "text", text: WORDS.join("") }] }),
]
  .map((value, n) => `event: message\nid: own-${n}\ndata: ${JSON.stringify(value)}\n\n`)
  .join("");

/** What the format allows, and few send. */
const ODD =
  ": a comment\r\n\r\ndata: CRLF\r\ndata: two lines\r\n\r\nevent: open\rdata: CR\r\rdata\n\nid\ndata: an empty id\n\n" +
  "retry: 10\n\nid: 7\n\ndata: with an id\nid: 8\n\n\n\n:\ndata: after blank lines\n\nunknown: field\ndata:no space\n\n" +
  `event: error\ndata: ${"long ".repeat(50)}\n\n`;

export const RECORDINGS: readonly Recording[] = [
  { name: "OpenAI chat", text: OPENAI_CHAT },
  { name: "OpenAI responses", text: OPENAI_RESPONSES },
  { name: "Anthropic", text: ANTHROPIC },
  { name: "AI SDK", text: AI_SDK },
  { name: "AG-UI", text: AG_UI },
  { name: "A2A", text: A2A },
  { name: "MCP", text: MCP },
  { name: "odd but allowed", text: ODD },
];
