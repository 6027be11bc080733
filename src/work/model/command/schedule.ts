/** How a unit of work ended, for those that wait for it. */
export type Outcome = 'ok' | 'blocked' | 'stop'

/**
 * Works through a graph with at most `threads` units at a time, each after the units it waits for. A unit that ends
 * `blocked` holds back everything behind it (handed to `skip`); after `stop` nothing new starts.
 */
export async function workThrough(options: {
  readonly order: readonly string[]
  readonly waitsFor: ReadonlyMap<string, ReadonlySet<string>>
  readonly threads: number
  /** `lane` counts from 0 to `threads` - 1; one lane works on one unit at a time. */
  readonly work: (id: string, lane: number) => Promise<Outcome>
  readonly skip: (id: string, because: string) => void
  /** A unit that never started because the work was stopped. */
  readonly abandon: (id: string) => void
}): Promise<void> {
  const { order, waitsFor, work, skip, abandon } = options
  const known = new Set(order)
  const open = new Map(order.map((id) => [id, new Set([...(waitsFor.get(id) ?? [])].filter((one) => known.has(one)))]))
  const behind = new Map<string, string[]>(order.map((id) => [id, []]))
  for (const [id, above] of open) for (const one of above) behind.get(one)?.push(id)
  const ready = order.filter((id) => open.get(id)?.size === 0)
  let next = 0
  const blockers = new Map<string, string>()
  const skipped = new Set<string>()
  let stopped = false
  let pending = order.length
  const idle: (() => void)[] = []
  const wake = (): void => {
    for (const resume of idle.splice(0)) resume()
  }

  const finish = (id: string, blocked: string | undefined): void => {
    pending -= 1
    for (const one of behind.get(id) ?? []) {
      if (blocked !== undefined && !blockers.has(one)) blockers.set(one, blocked)
      const waiting = open.get(one)
      waiting?.delete(id)
      if (waiting?.size !== 0) continue
      const because = blockers.get(one)
      if (because === undefined) ready.push(one)
      else {
        skipped.add(one)
        skip(one, because)
        finish(one, because)
      }
    }
  }

  const lane = async (number: number): Promise<void> => {
    while (pending > 0 && !stopped) {
      const id = ready[next]
      if (id === undefined) {
        await new Promise<void>((resume) => idle.push(resume))
        continue
      }
      next += 1
      started.add(id)
      try {
        const outcome = await work(id, number)
        if (outcome === 'stop') stopped = true
        finish(id, outcome === 'ok' ? undefined : id)
      } catch (error) {
        stopped = true
        throw error
      } finally {
        wake()
      }
    }
  }
  const started = new Set<string>()
  await Promise.all(Array.from({ length: Math.max(1, options.threads) }, (_, number) => lane(number)))
  if (!stopped) return
  for (const id of order) if (!started.has(id) && !skipped.has(id)) abandon(id)
}
