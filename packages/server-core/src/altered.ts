/** What stands for `base` with some of its members changed; what is not changed stays what it is in `base`, also later. */
export function altered<T extends object>(base: T, changes: Partial<T>): T {
  return Object.defineProperties(Object.create(base), Object.getOwnPropertyDescriptors(changes));
}
