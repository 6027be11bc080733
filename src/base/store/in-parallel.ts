/** Objects that are copied or put at a time. */
const AT_ONCE = 6

/** Runs `work` for all items, some at a time; when one fails, none is begun any more. */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  let next = 0
  const worker = async () => {
    while (next < items.length) {
      const at = next++
      try {
        results[at] = await work(items[at] as Item)
      } catch (thrown) {
        next = items.length
        throw thrown
      }
    }
  }
  const done = await Promise.allSettled(Array.from({ length: Math.min(AT_ONCE, items.length) }, worker))
  for (const result of done) if (result.status === 'rejected') throw result.reason
  return results
}
