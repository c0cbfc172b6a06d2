/** What the controls of the playground set on the server's side. */
export interface Settings {
  /** Messages per second. */
  readonly rate: number;
  /** Hold every answer back until it is complete, as a proxy that buffers does. */
  readonly hold: boolean;
  /** Refuse and cut every connection. */
  readonly cut: boolean;
  /** Cut every answer this many seconds after its request; 0: never. */
  readonly cutAfterS: number;
}

/** The settings of a new playground. */
export const INITIAL: Settings = { rate: 5, hold: false, cut: false, cutAfterS: 0 };

/** The highest value of each number. */
const MOST = { rate: 200, cutAfterS: 3_600 } as const;

/** Settings with the changes in this JSON text. @throws TypeError for anything but a part of {@link Settings} */
export function changed(settings: Settings, text: string): Settings {
  const changes: unknown = JSON.parse(text);
  if (typeof changes !== "object" || changes === null) throw new TypeError("settings: expected an object");
  const next: Record<string, unknown> = { ...settings };
  for (const [name, value] of Object.entries(changes)) {
    if (!isValid(name, value)) throw new TypeError(`settings: ${name.slice(0, 40)} has an invalid value`);
    next[name] = value;
  }
  return next as unknown as Settings;
}

function isValid(name: string, value: unknown): boolean {
  if (name === "hold" || name === "cut") return typeof value === "boolean";
  if (name !== "rate" && name !== "cutAfterS") return false;
  return typeof value === "number" && value >= 0 && value <= MOST[name];
}
