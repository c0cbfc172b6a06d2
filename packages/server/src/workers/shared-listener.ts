import { type AddressInfo, createServer, type Server, type Socket } from "node:net";

/** The most connections that wait for a worker. More are closed at once, to bound the memory while no worker runs. */
const MAX_WAITING = 1_024;

/** A process that serves connections. */
export interface Receiver {
  /**
   * Pass a connection to the process. `passed` runs when the operating system has accepted it. If the process ends
   * before that, `passed` never runs, and the process has read nothing from the connection.
   */
  pass(socket: Socket, passed: () => void): void;
}

/**
 * The listening socket of all workers. This process keeps it open all its life, so the port stays the same whatever
 * happens to the workers. It accepts each connection, reads nothing from it, and passes it to the next worker in turn.
 *
 * Invariant: each accepted connection is in exactly one place. It waits here, or it is on its way to one worker, or the
 * operating system has it and this process has closed its own descriptor. So when a worker ends, its connections close.
 */
export class SharedListener {
  readonly #server: Server = createServer({ pauseOnConnect: true, noDelay: true }, (socket) =>
    this.#accept(socket),
  );
  readonly #waiting: Socket[] = [];
  readonly #receivers = new Set<Receiver>();
  /** The receivers that can take a connection now; the first one is next. */
  readonly #free: Receiver[] = [];
  readonly #onTheirWay = new Map<Receiver, Socket>();

  /**
   * Resolves with the port. Rejects with the system's error if it cannot listen. Later, `failed` is called for each
   * connection that could not be accepted.
   */
  listen(port: number, host: string, failed: (error: Error) => void): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, host, () => {
        this.#server.off("error", reject).on("error", failed);
        resolve((this.#server.address() as AddressInfo).port);
      });
    });
  }

  /** Pass connections to this receiver too. */
  add(receiver: Receiver): void {
    this.#receivers.add(receiver);
    this.#free.push(receiver);
    this.#deal();
  }

  /** Start no more passes to this receiver. A pass that has started still completes. */
  retire(receiver: Receiver): void {
    this.#receivers.delete(receiver);
    const at = this.#free.indexOf(receiver);
    if (at >= 0) this.#free.splice(at, 1);
  }

  /** The receiver's process has ended. If a connection did not reach it, pass that connection to another receiver. */
  lose(receiver: Receiver): void {
    this.retire(receiver);
    const socket = this.#onTheirWay.get(receiver);
    this.#onTheirWay.delete(receiver);
    if (socket === undefined) return;
    if (this.#server.listening) this.#waiting.unshift(socket);
    else socket.destroy();
    this.#deal();
  }

  /** Accept no more connections, and close those that wait. */
  close(): void {
    this.#server.close();
    for (const socket of this.#waiting.splice(0)) socket.destroy();
  }

  #accept(socket: Socket): void {
    if (this.#waiting.length >= MAX_WAITING) socket.destroy();
    else this.#waiting.push(socket);
    this.#deal();
  }

  #deal(): void {
    while (this.#waiting.length > 0 && this.#free.length > 0) {
      const [socket, receiver] = [this.#waiting.shift(), this.#free.shift()];
      if (socket !== undefined && receiver !== undefined) this.#pass(socket, receiver);
    }
  }

  /** Each receiver gets one connection at a time, so a receiver that hangs gets no more. */
  #pass(socket: Socket, receiver: Receiver): void {
    this.#onTheirWay.set(receiver, socket);
    receiver.pass(socket, () => {
      if (this.#onTheirWay.get(receiver) !== socket) return;
      this.#onTheirWay.delete(receiver);
      socket.destroy(); // closes only this process's descriptor
      if (!this.#receivers.has(receiver)) return;
      this.#free.push(receiver);
      this.#deal();
    });
  }
}
