/** The text of one JSON value without CR and LF; values travel as text so that every number survives as written. */
export type JsonText = string;
