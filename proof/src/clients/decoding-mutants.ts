import { answerLike, bodyWith, byFetch, type ClientMutant, reading } from "./mutant.ts";

/** A mistake in decoding. */
interface Mistake {
  readonly id: string;
  readonly title: string;
  /** What it makes of a piece of a stream; the text is latin1, so that a character is a byte. */
  readonly change: (text: string) => string;
  readonly breaks?: ClientMutant["breaks"];
}

const LARGE_BYTES = 1_000_000;

const MISTAKES: readonly Mistake[] = [
  {
    id: "byte-order-mark-kept",
    title: "takes the byte order mark for a part of the first field's name",
    change: (text) => text.replace(/^\xef\xbb\xbf/, "\xef\xbb\xbf\xef\xbb\xbf"),
  },
  {
    id: "cr-is-no-line-end",
    title: "knows no lines that end with CR alone",
    change: (text) => text.replace(/\r(?!\n)/g, " "),
  },
  {
    id: "lines-end-as-unicode-has-it",
    title: "splits lines at all that Unicode takes for the end of one",
    change: (text) => text.replace(/[\v\f]|\xc2\x85|\xe2\x80[\xa8\xa9]/g, "\n"),
  },
  {
    id: "comments-are-fields",
    title: "takes a comment for a field whose name begins behind the colon",
    change: (text) => text.replace(/^: ?(?=(?:data|id|event):)/gm, ""),
  },
  {
    id: "field-names-in-any-case",
    title: "takes field names in any case",
    change: (text) => text.replace(/^(?:data|id|event|retry):/gim, (name) => name.toLowerCase()),
  },
  {
    id: "a-space-has-to-follow",
    title: "knows no field without a space behind its colon",
    change: (text) => text.replace(/^(\w+):(?=[^ \r\n])/gm, "$1-"),
  },
  {
    id: "last-data-line-wins",
    title: "takes of the lines of data the last one",
    change: (text) => text.replace(/^data:?.*\n(?:data.*\n)*(?=data)/gm, ""),
  },
  {
    id: "nul-in-id-dropped",
    title: "takes the NUL out of an id and believes the rest",
    change: (text) => text.replaceAll("\0", ""),
  },
  {
    id: "empty-id-ignored",
    breaks: ["SSE-CLIENT-11"],
    title: "takes an id that is empty for none",
    change: (text) => text.replace(/^id:? ?\n/gm, ""),
  },
  {
    id: "retry-by-its-digits",
    title: "takes of a retry the digits that it begins with",
    change: (text) => text.replace(/^retry: *\+?(\d+).*$/gm, "retry: $1"),
  },
  {
    id: "name-outlives-its-block",
    title: "keeps the name of an event without data for the next one",
    change: (text) => text.replace(/^(event: \w+\nid: \w+\n)\n(?=data)/gm, "$1"),
  },
  {
    id: "first-name-wins",
    title: "takes of the names of an event the first one",
    change: (text) => text.replace(/^(event: .*\n(?:id: .*\n)?)event: .*\n/gm, "$1"),
  },
  {
    id: "blank-lines-dispatch",
    title: "hands on an event without data as one without a value",
    change: (text) => text.replace(/\n\n\n+/g, "\n\ndata: null\n\n"),
  },
  {
    id: "faulty-utf8-dropped",
    title: "leaves out what is no UTF-8",
    change: (text) => text.replace(/\xff|\xe2\x82(?![\x80-\xbf])/g, ""),
  },
];

/** A client that sees each stream through what this makes for it. */
function through(make: () => (text: string) => string): ClientMutant["make"] {
  return reading(
    byFetch((send) => async (input, init) => {
      const response = await send(input, init);
      return answerLike(response, { body: bodyWith(response, make()) });
    }),
  );
}

/** Clients that decode streams wrongly. What is split inside the mistake they decode well; the other splits tell. */
export const decodingMutants: readonly ClientMutant[] = [
  ...MISTAKES.map(({ id, title, change, breaks = ["SSE-CLIENT-2"] }) => ({
    ...{ id, title, breaks },
    make: through(() => change),
  })),
  {
    id: "large-events-refused",
    title: "takes no more than a megabyte of an event",
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
    title: "waits behind a CR for the LF that may follow",
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
