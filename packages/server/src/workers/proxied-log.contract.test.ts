// The contract of logs, through a link between two real processes.
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type LogHarness, type LogUnderTest, logContract } from "@tidemark/log-contract";
import { test } from "uvu";
import { sources } from "../../../../tools/launch.mjs";
import type { ToLogProcess } from "../../test/log-process.ts";
import type { LogReply } from "./log-calls.ts";
import { ProxiedLog } from "./proxied-log.ts";

type Act = Exclude<ToLogProcess, { call: unknown }>["act"];

type FromLogProcess =
  | { readonly subject: number; readonly node: number; readonly reply: LogReply }
  | { readonly subject: number; readonly done: number };

const held = fork(fileURLToPath(new URL("../../test/log-process.ts", import.meta.url)), {
  execArgv: [...sources],
  serialization: "advanced",
});
held.unref();
held.channel?.unref();

const harness: LogHarness = { durable: true, create: async () => proxiedUnderTest(held) };

let subjects = 0;

async function proxiedUnderTest(child: ChildProcess): Promise<LogUnderTest> {
  const subject = ++subjects;
  const done = new Map<number, () => void>();
  let acts = 0;
  const nodes: ProxiedLog[] = [];
  const log = connect();
  child.on("message", take);
  await act("create");
  return {
    log,
    trim: (...args) => act("trim", args),
    lose: (...args) => act("lose", args),
    expireKeys: () => act("expireKeys"),
    another: async () => connect(),
    async restart() {
      await Promise.all(nodes.map((node) => node.dispose()));
      await act("restart");
      return connect();
    },
    async dispose() {
      await Promise.all(nodes.map((node) => node.dispose()));
      await act("dispose");
      child.off("message", take);
    },
  };

  function connect(): ProxiedLog {
    const node = nodes.length;
    const connected = new ProxiedLog((call) => child.send({ subject, node, call } satisfies ToLogProcess));
    nodes.push(connected);
    return connected;
  }

  function take(message: FromLogProcess): void {
    if (message.subject !== subject) return;
    if ("reply" in message) nodes[message.node]?.take(message.reply);
    else done.get(message.done)?.();
  }

  async function act(name: Act, args: readonly unknown[] = []): Promise<void> {
    const id = ++acts;
    await new Promise<void>((resolve) => {
      done.set(id, resolve);
      child.send({ subject, id, act: name, args } satisfies ToLogProcess);
    });
  }
}

logContract("proxied", harness, test);

test.run();
