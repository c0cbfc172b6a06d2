type Handler = (this: EventTarget, event: never) => void;

/** The `on…` properties of an event target, as in WHATWG HTML: each becomes a listener when first set. */
export class Handlers {
  readonly #target: EventTarget;
  readonly #slots = new Map<string, { handler: Handler; readonly listener: (event: Event) => void }>();

  constructor(target: EventTarget) {
    this.#target = target;
  }

  /** The handler for an event type; null if none is set. */
  get<H>(type: string): H | null {
    return (this.#slots.get(type)?.handler ?? null) as H | null;
  }

  /** Replace the handler, keeping its place among the listeners; anything but a function removes it. */
  set(type: string, handler: unknown): void {
    const slot = this.#slots.get(type);
    if (typeof handler !== "function") {
      if (slot) EventTarget.prototype.removeEventListener.call(this.#target, type, slot.listener);
      this.#slots.delete(type);
    } else if (slot) {
      slot.handler = handler as Handler;
    } else {
      const listener = (event: Event): void =>
        this.#slots.get(type)?.handler.call(this.#target, event as never);
      this.#slots.set(type, { handler: handler as Handler, listener });
      EventTarget.prototype.addEventListener.call(this.#target, type, listener);
    }
  }
}
