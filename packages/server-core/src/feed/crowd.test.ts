import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Crowd, type Member } from "./crowd.ts";

class Guest implements Member {
  seat = -1;
}

test("adding or deleting a member twice counts once", () => {
  const crowd = new Crowd<Guest>();
  const [a, b, c] = [new Guest(), new Guest(), new Guest()];
  for (const guest of [a, b, c, b]) crowd.add(guest);
  assert.is(crowd.size, 3);
  assert.is(crowd.delete(a), true);
  assert.is(crowd.delete(a), false);
  const seen = new Set<Guest>();
  crowd.visit((guest) => seen.add(guest));
  assert.equal(seen, new Set([b, c]));
});

test("a crowd behaves as a set, and a visit sees exactly the members that have not left before their turn", () => {
  const acts = fc.array(fc.tuple(fc.constantFrom("add", "delete"), fc.nat(19)), { maxLength: 100 });
  fc.assert(
    fc.property(acts, fc.func(fc.array(fc.nat(19), { maxLength: 3 })), (before, leaving) => {
      const crowd = new Crowd<Guest>();
      const guests = Array.from({ length: 20 }, () => new Guest());
      const model = new Set<Guest>();
      for (const [act, number] of before) {
        const guest = guests[number] as Guest;
        crowd[act as "add" | "delete"](guest);
        model[act as "add" | "delete"](guest);
      }
      assert.is(crowd.size, model.size);
      const seen = new Set<Guest>();
      const gone = new Set<Guest>();
      const there = new Set(model);
      crowd.visit((guest) => {
        assert.ok(there.has(guest) && !gone.has(guest), "is there");
        seen.add(guest);
        for (const number of leaving(guests.indexOf(guest))) {
          const other = guests[number] as Guest;
          if (crowd.delete(other)) gone.add(other);
        }
      });
      for (const guest of there) assert.ok(seen.has(guest) || gone.has(guest), "no member is skipped");
      assert.is(crowd.size, there.size - gone.size);
    }),
  );
});

test.run();
