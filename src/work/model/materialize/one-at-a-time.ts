const LAST = new WeakMap<object, Promise<unknown>>()

/** Runs pieces of work that were given the same owner one after another, in the order they came. */
export function oneAtATime<T>(owner: object, work: () => Promise<T>): Promise<T> {
  const before = LAST.get(owner) ?? Promise.resolve()
  const mine = before.catch(() => undefined).then(work)
  LAST.set(owner, mine)
  return mine
}
