import { markAll, markOf, markPage, unmarked } from "./marks.ts";
import { answerLike, byFetch, type ClientMutant, fieldsWith, type Make, only, reading } from "./mutant.ts";

/** How a mutant changes the text of an answer; `asked` is the cursor of the request. */
type Change = (text: string, asked: string | undefined, mark: string) => string;

/** All cursors of a page or a stream differ in each answer, except that of a stream's first block. */
const allNew: Change = (text, asked, mark) => openedAt(markAll(text, mark), asked);

/** The cursor of a page differs in each answer; the cursors of its messages do not. */
const pageNew: Change = (text, _, mark) => markPage(text, mark);

/** The first block of a stream gets the cursor of the request. */
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
        const response = await send(unmarked(input), init);
        answers += 1;
        const mark = markOf(answers);
        return response.status === 200 ? changed(response, (text) => change(text, asked, mark)) : response;
      };
    }),
  );
}

/** The answer with its text changed: a page as a whole, a stream chunk by chunk. */
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

/** Clients that accept answers which do not continue at the cursor of the request. */
export const placeMutants: readonly ClientMutant[] = [
  {
    id: "polls-go-back",
    title: "accepts a page that starts before the cursor of its request, or does not move past it",
    breaks: ["CLI-PLACE-1", "CLI-PLACE-2"],
    make: only("polling", believing(allNew)),
  },
  {
    id: "long-polls-go-back",
    title:
      "accepts a long-polled page that starts before the cursor of its request, or does not move past it",
    breaks: ["CLI-PLACE-1", "CLI-PLACE-2"],
    make: only("long-polling", believing(allNew)),
  },
  {
    id: "pages-stand-still",
    title: "accepts a page with new messages whose cursor has not moved",
    breaks: ["CLI-PLACE-1"],
    make: only("polling", believing(pageNew)),
  },
  {
    id: "streams-go-back",
    title: "accepts a stream that starts before the cursor of its request",
    breaks: ["CLI-PLACE-2", "CLI-PLACE-3"],
    make: only("sse", believing(allNew)),
  },
  {
    id: "any-first-block",
    title: "does not compare the first block of a stream with the cursor of its request",
    breaks: ["CLI-PLACE-3"],
    make: only("sse", believing(openedAt)),
  },
  {
    id: "auto-goes-back",
    title: "accepts, when it chooses the mechanism, any answer that starts from the beginning",
    breaks: ["CLI-PLACE-2", "CLI-PLACE-3"],
    make: only("auto", believing(allNew)),
  },
];
