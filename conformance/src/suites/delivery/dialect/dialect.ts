import type { Duration, UrlTemplate } from "../../../engine/config/target-config.ts";

/**
 * A JSON Pointer, such as /results/0; the empty text is the whole document.
 * @pattern ^(/.*)?$
 */
export type Pointer = string;

/**
 * Where a part of a response is: `header ETag`, `json /last_seq`, or for streams `id`.
 * @pattern ^(header \S+|json (/.*)?|id)$
 */
export type Place = string;

/** Named parts of a position. */
export interface PositionParts {
  readonly [name: string]: string;
}

/** Named places of the parts of a position. */
export interface PositionPlaces {
  readonly [name: string]: Place;
}

/** Header fields with their values. */
export interface Fields {
  readonly [name: string]: string;
}

/**
 * A request. `{base}` stands for the URL of the command line, `{channel}` for the feed, `{position}` (or the name of a
 * part) for the position. A parameter of the query, and a header field, whose placeholder has no value is left out.
 */
export interface RequestTemplate {
  /** Default GET, or POST with `json` or `body`. */
  readonly method?: string;
  readonly url: string;
  /** Header fields, with their values. */
  readonly fields?: Fields;
  /** The body, sent as application/json. In a publish, "{payload}" alone becomes the payload. */
  readonly json?: unknown;
  /** The body as text, with `{payload}`. */
  readonly body?: string;
  /** The media type of `body`. Default text/plain. */
  readonly type?: string;
}

/** How a response shows something: each part that is given is enough, but `json` with `event` is a place in its data. */
export interface Sign {
  /** Statuses. */
  readonly status?: readonly number[];
  /** A header field that is present. */
  readonly header?: string;
  /** A place in JSON that is neither missing, false nor null. */
  readonly json?: Pointer;
  /** The name of an event of a stream. */
  readonly event?: string;
}

/** The position of a reader. */
export interface PositionConfig {
  /**
   * Where responses have it: one place, or one for each part. A response without the first part gives no position.
   * Default for streams: `id`.
   */
  readonly from?: Place | PositionPlaces;
  /** The name of the event whose data has it. Default for streams: any event. */
  readonly event?: string;
  /** The position before the oldest message. Without it, the first request has no position. */
  readonly start?: string | PositionParts;
  /** The position after the newest message. */
  readonly end?: string | PositionParts;
  /** A position that no feed has. */
  readonly unknown?: string | PositionParts;
}

/** Where the messages of a response are. */
export interface PageMessages {
  /** The list of messages in JSON. Without it, the whole body is one message. */
  readonly list?: Pointer;
  /** The payload in each of them. Default: the whole. */
  readonly payload?: Pointer;
  /** The position of each of them, for a position with one part. */
  readonly position?: Pointer;
}

/** Reading by requests: polling, or long polling. */
export interface ReadConfig {
  readonly request: RequestTemplate;
  readonly position?: PositionConfig;
  /** Default: the whole body is one message. */
  readonly messages?: PageMessages;
  /** The statuses of an empty response. Default 204 and 304. */
  readonly empty?: readonly number[];
  /** The longest time that a request is held without a message. */
  readonly limit?: Duration;
  /** How a response reports that messages are missing. */
  readonly loss?: Sign;
  /** How a response reports the end of the feed. */
  readonly end?: Sign;
}

/** Where the messages of a stream are. */
export interface StreamMessages {
  /** The name of their events. Default: any. */
  readonly event?: string;
  /** The names of events that are no messages. */
  readonly except?: readonly string[];
  /** The payload in the JSON of the data. Default: the data. */
  readonly payload?: Pointer;
  /** The data is a list in JSON, and each item is a message. */
  readonly each?: Pointer;
}

/** Reading a stream of events. */
export interface StreamConfig {
  readonly request: RequestTemplate;
  readonly position?: PositionConfig;
  readonly messages?: StreamMessages;
  /** How many readers a feed can have. Default: any number. */
  readonly readers?: number;
  readonly loss?: Sign;
  readonly end?: Sign;
}

/** A request before a feed is used. `{name}` stands for what an earlier one took. */
export interface DialectSetup extends RequestTemplate {
  /** What to take from the response, by name: `header Mcp-Session-Id` or `json /session/id`. */
  readonly take?: PositionPlaces;
}

/** What the server promises; a promised sentence binds as a MUST. */
export interface DeliveryPromises {
  readonly delivery?: "every";
  readonly order?: "one";
  readonly start?: "oldest";
  readonly resume?: "exact" | "batch" | "none";
  readonly positions?: "shared";
  readonly restart?: "safe";
  readonly "unknown-position"?: "reported";
  readonly "lost-history"?: "reported";
  readonly end?: "reported";
  readonly isolation?: "feed";
}

/** How a server expresses the delivery of messages. */
export interface Dialect {
  /** What it describes, in a few words. */
  readonly title: string;
  /**
   * The public document that it is taken from.
   * @pattern ^(https?://\S+|spec/\S+|.*README.*)$
   */
  readonly source: string;
  /** The server that the tests of this package run it against. Without it: an example that nobody ran. */
  readonly tested?: string;
  /** Requests before a feed is used, for each feed. */
  readonly setup?: readonly DialectSetup[];
  /** How to publish a message. */
  readonly publish?: RequestTemplate;
  /** How to publish several messages at once; "{messages}" is the list of objects with `data`. */
  readonly batch?: RequestTemplate;
  /** Whether a publish takes a payload as JSON or as text. Default json. */
  readonly payload?: "json" | "text";
  /** How to end a feed. */
  readonly close?: RequestTemplate;
  /** How to drop all but the newest {keep} messages of a feed, as retention does. */
  readonly trim?: RequestTemplate;
  /** How to remove a feed that the suite has used. */
  readonly remove?: RequestTemplate;
  /**
   * How many messages the server keeps, if it drops older ones.
   * @minimum 1
   * @TJS-type integer
   */
  readonly keeps?: number;
  readonly poll?: ReadConfig;
  readonly "long-poll"?: ReadConfig;
  readonly sse?: StreamConfig;
  readonly promises?: DeliveryPromises;
  /** An ES module, relative to this file, for what templates cannot say. */
  readonly module?: string;
}

/** An absolute URL of a server, such as http://127.0.0.1:8080. */
export type Base = UrlTemplate;

/** The mechanisms of a dialect, in the order in which they are shown. */
export const MECHANISMS = ["poll", "long-poll", "sse"] as const;
export type Mechanism = (typeof MECHANISMS)[number];
