type Handler = (this: EventTarget, event: never) => void;

/** The `on…` properties of an event target, as WHATWG HTML has them: each is a listener from when it is first set. */
export class Handlers {
  readonly #target: EventTarget;
  readonly #slots = new Map<string, { handler: Handler; readonly listener: (event: Event) => void }>();

  constructor(target: EventTarget) {
    this.#target = target;
  }

  /** The handler of a type of event; null if there is none. */
  get<H>(type: string): H | null {
    return (this.#slots.get(type)?.handler ?? null) as H | null;
  }

  /** Another handler takes the place of the one before among the listeners; what is not a function takes it away. */
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
