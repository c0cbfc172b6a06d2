import { answerLike, bodyWith, byFetch, type ClientMutant, reading } from "./mutant.ts";

/** A mistake in decoding. */
interface Mistake {
  readonly id: string;
  readonly title: string;
  /** Changes a chunk of a stream. The text is latin1, so that a character is a byte. */
  readonly change: (text: string) => string;
  readonly breaks?: ClientMutant["breaks"];
}

const LARGE_BYTES = 1_000_000;

const MISTAKES: readonly Mistake[] = [
  {
    id: "byte-order-mark-kept",
    title: "reads the byte order mark as part of the first field name",
    change: (text) => text.replace(/^\xef\xbb\xbf/, "\xef\xbb\xbf\xef\xbb\xbf"),
  },
  {
    id: "cr-is-no-line-end",
    title: "does not end a line at a lone CR",
    change: (text) => text.replace(/\r(?!\n)/g, " "),
  },
  {
    id: "lines-end-as-unicode-has-it",
    title: "splits lines at every line separator of Unicode",
    change: (text) => text.replace(/[\v\f]|\xc2\x85|\xe2\x80[\xa8\xa9]/g, "\n"),
  },
  {
    id: "comments-are-fields",
    title: "reads a comment as a field whose name starts after the colon",
    change: (text) => text.replace(/^: ?(?=(?:data|id|event):)/gm, ""),
  },
  {
    id: "field-names-in-any-case",
    title: "accepts field names in any case",
    change: (text) => text.replace(/^(?:data|id|event|retry):/gim, (name) => name.toLowerCase()),
  },
  {
    id: "a-space-has-to-follow",
    title: "ignores fields without a space after the colon",
    change: (text) => text.replace(/^(\w+):(?=[^ \r\n])/gm, "$1-"),
  },
  {
    id: "last-data-line-wins",
    title: "keeps only the last of several data lines",
    change: (text) => text.replace(/^data:?.*\n(?:data.*\n)*(?=data)/gm, ""),
  },
  {
    id: "nul-in-id-dropped",
    title: "strips NUL from an id and keeps the rest",
    change: (text) => text.replaceAll("\0", ""),
  },
  {
    id: "empty-id-ignored",
    breaks: ["SSE-CLIENT-11"],
    title: "ignores an empty id",
    change: (text) => text.replace(/^id:? ?\n/gm, ""),
  },
  {
    id: "retry-by-its-digits",
    title: "parses only the leading digits of a retry",
    change: (text) => text.replace(/^retry: *\+?(\d+).*$/gm, "retry: $1"),
  },
  {
    id: "name-outlives-its-block",
    title: "keeps the name of an event without data for the next event",
    change: (text) => text.replace(/^(event: \w+\nid: \w+\n)\n(?=data)/gm, "$1"),
  },
  {
    id: "first-name-wins",
    title: "keeps the first of several event names",
    change: (text) => text.replace(/^(event: .*\n(?:id: .*\n)?)event: .*\n/gm, "$1"),
  },
  {
    id: "blank-lines-dispatch",
    title: "delivers an event without data as a message with the value null",
    change: (text) => text.replace(/\n\n\n+/g, "\n\ndata: null\n\n"),
  },
  {
    id: "faulty-utf8-dropped",
    title: "drops bytes that are not valid UTF-8",
    change: (text) => text.replace(/\xff|\xe2\x82(?![\x80-\xbf])/g, ""),
  },
];

/** A client that passes the text of each stream through a function of its own, made by `make`. */
function through(make: () => (text: string) => string): ClientMutant["make"] {
  return reading(
    byFetch((send) => async (input, init) => {
      const response = await send(input, init);
      return answerLike(response, { body: bodyWith(response, make()) });
    }),
  );
}

/** Clients that decode streams wrongly, unless a chunk ends in the middle of the mistake; other splits reveal it. */
export const decodingMutants: readonly ClientMutant[] = [
  ...MISTAKES.map(({ id, title, change, breaks = ["SSE-CLIENT-2"] }) => ({
    ...{ id, title, breaks },
    make: through(() => change),
  })),
  {
    id: "large-events-refused",
    title: "truncates events after a megabyte",
    breaks: ["SSE-CLIENT-2"],
    make: through(() => {
      let size = 0;
      return (text) => {
        size = text.includes("\n\n") ? 0 : size + text.length;
        return size > LARGE_BYTES ? "" : text;
      };
    }),
  },
  {
    id: "waits-behind-a-cr",
    title: "after a CR, waits for the LF that may follow",
    breaks: ["SSE-CLIENT-2"],
    make: through(() => {
      let held = "";
      return (text) => {
        const all = held + text;
        held = all.endsWith("\r") ? "\r" : "";
        return all.slice(0, all.length - held.length);
      };
    }),
  },
];
