import { isEventName } from "@tidemark/protocol";
import { altered, jsonAnswer } from "@tidemark/server-core";
import { mechanism } from "../peer/change-answers.ts";
import { bodies, bytesOf, invalidBody, looseBody, posts, withBody } from "../peer/change-bodies.ts";
import { arriving } from "../peer/change-http.ts";
import type { Mutant } from "./mutant.ts";

/** Servers that accept bodies they have to reject, or the reverse. */
export const bodyMutants: readonly Mutant[] = [
  {
    id: "any-type-is-json",
    title: "accepts a body of any type and coding, such as one that a form on a foreign page can send",
    breaks: ["PUB-TYPE-1", "PUB-TYPE-2"],
    ...mechanism(["publish"], () => ({ admit: () => undefined })),
  },
  {
    id: "coding-is-overlooked",
    title: "accepts a body with Content-Encoding as if it had none",
    breaks: ["PUB-TYPE-2"],
    ...arriving((ctx) => {
      delete ctx.req.headers["content-encoding"];
    }),
  },
  {
    id: "type-with-parameters-is-refused",
    title: "rejects application/json with a charset",
    breaks: ["PUB-TYPE-1"],
    ...mechanism(["publish"], ({ admit }) => ({
      admit: (visit) =>
        admit?.(
          altered(visit, {
            headers: { ...visit.headers, "content-type": visit.headers["content-type"]?.replace(";", "-") },
          }),
        ),
    })),
  },
  {
    id: "type-is-checked-after-the-body",
    title: "reads the whole body before it rejects the type",
    breaks: ["PUB-TYPE-1"],
    ...mechanism(["publish"], ({ admit, answer }) => ({
      admit: () => undefined,
      answer: async (request, channel) => {
        if (request.method !== "POST" || Number(request.headers["content-length"]) > 1_048_576)
          return answer(request, channel);
        const bytes = await bytesOf(request);
        admit?.(request);
        return answer(withBody(request, bytes), channel);
      },
    })),
  },
  {
    id: "bytes-are-mended",
    title: "accepts bytes that are not UTF-8, and a byte order mark",
    breaks: ["PUB-BODY-1"],
    ...bodies((bytes) => new TextDecoder().decode(bytes)),
  },
  {
    id: "repeated-names-pass",
    title: "accepts a body with duplicate member names and uses the last one",
    breaks: ["PUB-BODY-2"],
    ...bodies((bytes) =>
      /"(\w+)":[^{}]*,"\1":/.test(bytes.toString()) ? JSON.stringify(looseBody(bytes)) : bytes,
    ),
  },
  {
    id: "nothing-to-do-is-done",
    title: "accepts a body without messages and without close",
    breaks: ["PUB-BODY-3"],
    ...posts(async (request, channel, answer) => {
      if (Number(request.headers["content-length"]) > 1_048_576) return answer(request, channel);
      const bytes = await bytesOf(request);
      const body = looseBody(bytes);
      const idle = body && !Array.isArray(body) && (body.messages ?? []).length === 0 && body.close !== true;
      if (!idle) return answer(withBody(request, bytes), channel);
      const { cursor } = await channel.read("end", { maxMessages: 1 });
      return jsonAnswer(200, { cursors: [], cursor });
    }),
  },
  {
    id: "event-names-are-cleaned",
    title: "accepts invalid event names and strips their invalid characters",
    breaks: ["PUB-BODY-4"],
    ...bodies((bytes) => {
      const messages = looseBody(bytes)?.messages;
      const bad = Array.isArray(messages) ? messages.map((message) => message?.event).filter(isBadName) : [];
      const mended = (name: string): string => `"event":"x${name.replace(/\W/g, "").slice(0, 60)}"`;
      if (bad.length === 0) return bytes;
      return bad.reduce(
        (text, name) => text.replace(`"event":${JSON.stringify(name)}`, mended(name)),
        bytes.toString(),
      );
    }),
  },
  {
    id: "fault-is-not-pointed-at",
    title: "does not say where a body is invalid",
    breaks: ["PUB-BODY-5"],
    ...posts(async (request, channel, answer) => {
      try {
        return await answer(request, channel);
      } catch (error) {
        throw isInvalidBody(error) ? invalidBody() : error;
      }
    }),
  },
  {
    id: "unknown-members-are-refused",
    title: "rejects unknown members",
    breaks: ["PUB-BODY-6"],
    ...bodies((bytes) => {
      const body = looseBody(bytes) ?? {};
      if (Object.keys(body).some((name) => !["messages", "close", "after"].includes(name)))
        throw invalidBody();
      return bytes;
    }),
  },
  {
    id: "nesting-ends-at-16",
    title: "rejects data that is nested 20 levels deep",
    breaks: ["PUB-BODY-7"],
    ...bodies((bytes) => {
      if (bytes.includes("[".repeat(20))) throw invalidBody();
      return bytes;
    }),
  },
  {
    id: "nesting-without-end",
    title: "accepts data nested to any depth",
    breaks: ["PUB-BODY-8"],
    ...bodies((bytes) =>
      bytes.includes("[".repeat(65)) ? bytes.toString().replace(/\[{65,}\]*/, "[]") : bytes,
    ),
  },
  {
    id: "takes-little",
    title: "limits bodies to half the size that every server has to accept",
    breaks: ["PUB-SIZE-2"],
    options: { publishing: { maxBodyBytes: 32_768 } },
  },
  {
    id: "too-large-is-cut-off",
    title: "answers a body that is too large with 400",
    breaks: ["PUB-SIZE-1"],
    ...posts(async (request, channel, answer) => {
      if (Number(request.headers["content-length"]) > 1_048_576) throw invalidBody();
      return answer(request, channel);
    }),
  },
];

function isBadName(name: unknown): name is string {
  return typeof name === "string" && !isEventName(name);
}

function isInvalidBody(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "invalid-body";
}
