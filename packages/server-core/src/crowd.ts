/** A member of a {@link Crowd}, which owns this field. */
export interface Member {
  /** Its place in the crowd; -1 outside. */
  seat: number;
}

/**
 * Many who come and go: added, removed and visited in O(1) each, without garbage. A `Set` would do, but its tables
 * keep each other alive, and with them all who left, until the whole heap is collected.
 */
export class Crowd<T extends Member> {
  readonly #members: T[] = [];

  get size(): number {
    return this.#members.length;
  }

  add(member: T): void {
    if (member.seat >= 0) return;
    member.seat = this.#members.length;
    this.#members.push(member);
  }

  /** Whether it was there. */
  delete(member: T): boolean {
    const { seat } = member;
    if (seat < 0) return false;
    const last = this.#members.pop();
    member.seat = -1;
    if (last === undefined || last === member) return true;
    this.#members[seat] = last;
    last.seat = seat;
    return true;
  }

  /**
   * Visit all who are there. Meanwhile anyone can leave, and who comes is not visited; who is visited can be visited
   * again if others leave.
   */
  visit(told: (member: T) => void): void {
    // From the last on: into the place of who leaves comes the last, who was visited already.
    for (let seat = this.#members.length - 1; seat >= 0; seat -= 1) {
      const member = this.#members[seat];
      if (member !== undefined) told(member);
    }
  }
}
