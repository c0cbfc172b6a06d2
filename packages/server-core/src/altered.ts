/** A view of `base` with some members replaced. The other members are read from `base`, so later changes are seen. */
export function altered<T extends object>(base: T, changes: Partial<T>): T {
  return Object.defineProperties(Object.create(base), Object.getOwnPropertyDescriptors(changes));
}
