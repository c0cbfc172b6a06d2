import {
  answerLike,
  atUrl,
  byFetch,
  type ClientMutant,
  fieldsWith,
  type Make,
  only,
  reading,
} from "./mutant.ts";

/** What a mutant makes of an answer: its text, and the cursor that was asked for. */
type Change = (text: string, asked: string | undefined, mark: string) => string;

/** Marks a cursor as one of this answer, so that the client cannot know it again; the next request goes without the mark. */
const MARK = /\.~\d+$/;
const CURSOR = "[\\w.~-]{1,200}";

/** Every cursor of a page, and of a stream but for its first block, is another one in each answer. */
const allNew: Change = (text, asked, mark) =>
  openedAt(
    text
      .replace(new RegExp(`("cursor":")(${CURSOR})(?=")`, "g"), `$1$2${mark}`)
      .replace(new RegExp(`^(id: ?)(${CURSOR})$`, "gm"), `$1$2${mark}`),
    asked,
  );

/** The cursor of a page is another one in each answer, those of its messages are not. */
const pageNew: Change = (text, _, mark) =>
  text.replace(new RegExp(`("cursor":")(${CURSOR})(?=","more")`, "g"), `$1$2${mark}`);

/** The first block of a stream has the cursor that was asked for. */
function openedAt(text: string, asked: string | undefined): string {
  return asked === undefined ? text : text.replace(/(event: ?\$open\n(?:.+\n)*?id: ?)(\S+)/, `$1${asked}`);
}

function believing(change: Change): Make {
  return reading(
    byFetch((send) => {
      let answers = 0;
      return async (input, init) => {
        const after = new URL(String(input)).searchParams.get("after") ?? "start";
        const asked = ["start", "end"].includes(after) ? undefined : after;
        const url = atUrl(input, ({ searchParams }) => {
          if (asked !== undefined) searchParams.set("after", asked.replace(MARK, ""));
        });
        const response = await send(url, init);
        answers += 1;
        const mark = `.~${answers}`;
        return response.status === 200 ? changed(response, (text) => change(text, asked, mark)) : response;
      };
    }),
  );
}

/** The answer with its text changed: a page as a whole, a stream piece by piece. */
function changed(response: Response, change: (text: string) => string): Response {
  if (response.body === null) return response;
  const isStream = response.headers.get("content-type")?.startsWith("text/event-stream") === true;
  let whole = "";
  const body = response.body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        const text = Buffer.from(chunk).toString("latin1");
        if (isStream) controller.enqueue(Buffer.from(change(text), "latin1"));
        else whole += text;
      },
      flush(controller) {
        if (!isStream) controller.enqueue(Buffer.from(change(whole), "latin1"));
      },
    }),
  );
  return answerLike(response, { body, headers: fieldsWith(response, "content-length", undefined) });
}

/** Clients that believe answers which do not go on where they asked. */
export const placeMutants: readonly ClientMutant[] = [
  {
    id: "polls-go-back",
    title: "believes a page that begins before the cursor that was asked for, or does not move it",
    breaks: ["CLI-PLACE-1", "CLI-PLACE-2"],
    make: only("polling", believing(allNew)),
  },
  {
    id: "long-polls-go-back",
    title:
      "believes a long poll's page that begins before the cursor that was asked for, or does not move it",
    breaks: ["CLI-PLACE-1", "CLI-PLACE-2"],
    make: only("long-polling", believing(allNew)),
  },
  {
    id: "pages-stand-still",
    title: "believes a page with new messages whose cursor has not moved",
    breaks: ["CLI-PLACE-1"],
    make: only("polling", believing(pageNew)),
  },
  {
    id: "streams-go-back",
    title: "believes a stream that begins before the cursor that was asked for",
    breaks: ["CLI-PLACE-2", "CLI-PLACE-3"],
    make: only("sse", believing(allNew)),
  },
  {
    id: "any-first-block",
    title: "does not compare the first block of a stream with the cursor that was asked for",
    breaks: ["CLI-PLACE-3"],
    make: only("sse", believing(openedAt)),
  },
  {
    id: "auto-goes-back",
    title: "believes, where it chooses the mechanism, any answer from the beginning",
    breaks: ["CLI-PLACE-2", "CLI-PLACE-3"],
    make: only("auto", believing(allNew)),
  },
];
