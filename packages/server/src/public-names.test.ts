import * as core from "@tidemark/server-core";
import * as fetching from "@tidemark/server-core/fetch";
import * as koa from "@tidemark/server-core/koa";
import * as node from "@tidemark/server-core/node";
import * as serverFetch from "@tidemark/server-fetch";
import * as mechanisms from "@tidemark/server-fetch/mechanisms";
import * as serverFetchNode from "@tidemark/server-fetch/node";
import * as longPolling from "@tidemark/server-long-polling";
import * as polling from "@tidemark/server-polling";
import * as publishing from "@tidemark/server-publishing";
import * as sse from "@tidemark/server-sse";
import { test } from "uvu";
import * as assert from "uvu/assert";
import * as server from "./index.ts";
import * as metrics from "./metrics.ts";
import * as tokens from "./tokens.ts";
import * as traces from "./traces.ts";

/** The names that each entry exports at run time. A change here affects users. */
const NAMES: readonly (readonly [entry: string, module: object, names: readonly string[]])[] = [
  ["server", server, ["listen", "mechanismsOf", "tidemark"]],
  ["server/metrics", metrics, ["Metrics"]],
  ["server/tokens", tokens, ["tokens"]],
  ["server/traces", traces, ["traced"]],
  [
    "server-core",
    core,
    [
      "ChannelServer",
      "FEED_READ",
      "altered",
      "answerPoll",
      "begin",
      "beginAfterGap",
      "beginStream",
      "frameOf",
      "jsonAnswer",
      "pageAnswer",
      "selectEvents",
      "unknownGap",
    ],
  ],
  ["server-core/fetch", fetching, ["answerFetch", "fetchHandler"]],
  ["server-core/koa", koa, ["koaMiddleware", "serve"]],
  ["server-core/node", node, ["createBoundedServer", "nodeHandler", "throttledReport"]],
  ["server-fetch", serverFetch, ["channels"]],
  ["server-fetch/node", serverFetchNode, ["channels"]],
  ["server-fetch/mechanisms", mechanisms, ["mechanismsOf"]],
  ["server-polling", polling, ["pollMechanism", "polling"]],
  ["server-long-polling", longPolling, ["longPollMechanism", "longPolling"]],
  ["server-sse", sse, ["sse", "sseMechanism", "streamAnswers"]],
  ["server-publishing", publishing, ["publishMechanism", "publishing"]],
];

for (const [entry, module, names] of NAMES)
  test(`the public names of ${entry}`, () => {
    assert.equal(Object.keys(module).sort(), [...names].sort());
  });

test.run();
