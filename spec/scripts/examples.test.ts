import { test } from "uvu";
import * as assert from "uvu/assert";
import { exampleFaults, readExamples } from "./examples.ts";

const REQUEST = 'POST /channels/a HTTP/1.1\nHost: example.com\n\n{"close":true}';
const ANSWER = 'HTTP/1.1 200 OK\nCache-Control: no-store\n\n{"cursor":"{c1}"}';

function fence(info: string, text: string): string {
  return `# A\n\n\`\`\`http${info}\n${text}\n\`\`\`\n`;
}

test("an exchange is parsed", () => {
  const { examples, faults } = readExamples("core.md", fence(" id=a-1 then=a-2", `${REQUEST}\n\n${ANSWER}`));
  assert.equal(faults, []);
  assert.equal(examples, [
    {
      id: "a-1",
      chapter: "core.md",
      line: 3,
      // biome-ignore lint/suspicious/noThenProperty: the text calls the attribute `then`
      then: "a-2",
      request: {
        method: "POST",
        target: "/channels/a",
        headers: { Host: "example.com" },
        body: '{"close":true}',
      },
      response: { status: 200, headers: { "Cache-Control": "no-store" }, body: '{"cursor":"{c1}"}' },
    },
  ]);
});

test("a stream keeps its empty lines, and a message can have no body", () => {
  const text = "GET /channels/a HTTP/1.1\nHost: h\n\nHTTP/1.1 200 OK\nVary: Accept\n\nid: {c1}\n\nid: {c2}";
  const [example] = readExamples("sse.md", fence(" id=a-1", text)).examples;
  assert.is(example?.response.body, "id: {c1}\n\nid: {c2}");
  assert.is(example?.request.body, undefined);
});

const BAD: readonly { name: string; info: string; text: string; fault: string }[] = [
  { name: "no id", info: "", text: `${REQUEST}\n\n${ANSWER}`, fault: "an example without an id" },
  { name: "an unknown attribute", info: " id=a x=1", text: REQUEST, fault: "an example without an id" },
  { name: "no answer", info: " id=a", text: REQUEST, fault: "malformed example a" },
  {
    name: "no empty line before the answer",
    info: " id=a",
    text: `${REQUEST}\n${ANSWER}`,
    fault: "malformed example a",
  },
  {
    name: "no request line",
    info: " id=a",
    text: `Host: example.com\n\n${ANSWER}`,
    fault: "malformed example a",
  },
  {
    name: "a malformed field",
    info: " id=a",
    text: `GET /a HTTP/1.1\nno field\n\n${ANSWER}`,
    fault: "malformed example a",
  },
];

for (const { name, info, text, fault } of BAD)
  test(`rejected: ${name}`, () => {
    const { faults } = readExamples("core.md", fence(info, text));
    assert.equal(faults, [{ file: "core.md", line: 3, message: fault }]);
  });

test("rejected: a duplicate id, and a reference to an example that does not exist", () => {
  const text = fence(" id=a then=b", `${REQUEST}\n\n${ANSWER}`);
  const { examples } = readExamples("core.md", text + text);
  assert.equal(
    exampleFaults(examples).map(({ message }) => message),
    [
      "example a refers to b, which does not exist",
      "duplicate example a",
      "example a refers to b, which does not exist",
    ],
  );
});

test.run();
