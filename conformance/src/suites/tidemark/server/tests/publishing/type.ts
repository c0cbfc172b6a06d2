import { draft, publishBody } from "../../../../../engine/drive/driver.ts";
import { same } from "../../../../../engine/model/claim.ts";
import { refused } from "../../../read/problem.ts";
import { carriedOut } from "../../../read/served.ts";
import { endOf } from "../../context/log.ts";
import type { TestDefinition } from "../../definition.ts";
import { takesGoodBody } from "./refusing.ts";

/** The needs of these tests. */
const NEEDS = ["publishing", "channels"] as const;

/** The media type and the content coding of a publish. */
export const typeTests: readonly TestDefinition[] = [
  {
    id: "server/publishing/type-is-json",
    title:
      "A POST without a media type, or with another than application/json, is refused with unsupported-type",
    requirements: ["PUB-TYPE-1"],
    needs: NEEDS,
    async run(t) {
      const channel = t.channel();
      await takesGoodBody(t, channel);
      const body = publishBody([draft(1)]);
      for (const type of [
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/jsonx",
        "multipart/form-data; boundary=x",
        "application/problem+json",
      ]) {
        const exchange = await t.post(channel, body, [["Content-Type", type]]);
        t.check("PUB-TYPE-1", refused(`the answer to ${type}`, exchange, "unsupported-type"));
      }
      const untyped = await t.ask({ method: "POST", url: channel.url, body });
      t.check("PUB-TYPE-1", refused("the answer to a body without a type", untyped, "unsupported-type"));
    },
  },
  {
    id: "server/publishing/type-may-have-parameters",
    title: "application/json is accepted with any parameters and in any letter case",
    requirements: ["PUB-TYPE-1"],
    needs: NEEDS,
    async run(t) {
      const channel = t.channel();
      for (const type of [
        "application/json; charset=utf-8",
        "Application/JSON",
        "application/json;profile=x",
      ]) {
        const exchange = await t.post(channel, publishBody([draft(1)]), [["Content-Type", type]]);
        t.check("PUB-TYPE-1", carriedOut(`the answer to ${type}`, exchange));
      }
    },
  },
  {
    id: "server/publishing/type-is-checked-before-the-body",
    title: "A wrong media type is refused before the whole body has arrived",
    requirements: ["PUB-TYPE-1"],
    needs: NEEDS,
    async run(t) {
      const channel = t.channel();
      await takesGoodBody(t, channel);
      const exchange = t.send({
        method: "POST",
        url: channel.url,
        headers: [
          ["Content-Type", "text/plain"],
          ["Content-Length", "1000"],
        ],
        body: "{",
      });
      await t.until(exchange, () => exchange.status !== undefined);
      t.check(
        "PUB-TYPE-1",
        refused("the answer while most of the body is missing", exchange, "unsupported-type"),
      );
    },
  },
  {
    id: "server/publishing/coding-is-refused",
    title: "A POST in an unsupported content coding is refused with unsupported-type",
    requirements: ["PUB-TYPE-2"],
    needs: NEEDS,
    async run(t) {
      const channel = t.channel();
      await takesGoodBody(t, channel);
      const end = await endOf(t, channel);
      const exchange = await t.post(channel, publishBody([draft(1)]), [
        ["Content-Encoding", "x-conformance"],
      ]);
      t.check(
        "PUB-TYPE-2",
        refused("the answer to Content-Encoding: x-conformance", exchange, "unsupported-type"),
      );
      t.check("PUB-TYPE-2", same("the end after the refusal", await endOf(t, channel), end));
    },
  },
];
