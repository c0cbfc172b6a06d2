/** A member of a {@link Crowd}, which owns this field. */
export interface Member {
  /** Its index in the crowd; -1 if it is not a member. */
  seat: number;
}

/**
 * A set whose members change often: each is added, removed and visited in O(1), without garbage. A `Set` keeps its old
 * tables alive, and with them the members that left, until the whole heap is collected.
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

  /** Returns whether it was a member. */
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
   * Visit all members. Members may leave during the visit; members that join are not visited. A member that was
   * already visited can be visited again if others leave.
   */
  visit(told: (member: T) => void): void {
    // Backwards: the seat of a member that leaves is filled by the last member, which was visited already.
    for (let seat = this.#members.length - 1; seat >= 0; seat -= 1) {
      const member = this.#members[seat];
      if (member !== undefined) told(member);
    }
  }
}
