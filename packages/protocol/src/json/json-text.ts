/** The text of one JSON value, without CR and LF. Values stay text so that numbers keep all their digits. */
export type JsonText = string;
