import { MillraceError } from '../../base/kernel/index.ts'

/** Edges as each node's direct upstreams. */
export type Upstreams = ReadonlyMap<string, readonly string[]>

/** The same edges the other way round. */
export function downstreams(parents: Upstreams): Map<string, string[]> {
  const children = new Map<string, string[]>([...parents.keys()].map((id) => [id, []]))
  for (const [id, above] of parents) for (const parent of above) children.get(parent)?.push(id)
  return children
}

/** Everything reachable from `start` along `edges` within `depth` steps, without `start` itself. */
export function reach(start: Iterable<string>, edges: Upstreams, depth = Number.POSITIVE_INFINITY): Set<string> {
  const from = new Set(start)
  const seen = new Set<string>()
  let front = [...from]
  for (let step = 0; step < depth && front.length > 0; step += 1) {
    const next: string[] = []
    for (const id of front) {
      for (const other of edges.get(id) ?? []) {
        if (seen.has(other) || from.has(other)) continue
        seen.add(other)
        next.push(other)
      }
    }
    front = next
  }
  return seen
}

/**
 * Nodes in an order in which each comes after its upstreams; ties keep the order of `parents`.
 * @throws MillraceError MODEL_CYCLE naming the nodes of one circle
 */
export function topological(parents: Upstreams): string[] {
  const order: string[] = []
  const state = new Map<string, 'open' | 'done'>()
  const stack: { id: string; rest: string[] }[] = []
  for (const root of parents.keys()) {
    if (state.has(root)) continue
    push(root)
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const next = top.rest.shift()
      if (next === undefined) {
        state.set(top.id, 'done')
        order.push(top.id)
        stack.pop()
      } else if (state.get(next) === 'open') {
        const ids = stack.map(({ id }) => id)
        throw cycle([...ids.slice(ids.indexOf(next)), next])
      } else if (!state.has(next) && parents.has(next)) {
        push(next)
      }
    }
  }
  return order

  function push(id: string): void {
    state.set(id, 'open')
    stack.push({ id, rest: [...(parents.get(id) ?? [])] })
  }
}

function cycle(ids: readonly string[]): MillraceError {
  const names = ids.map((id) => id.split('.').slice(2).join('.') || id)
  return new MillraceError('MODEL_CYCLE', `ordering the models: ${names.join(' → ')} is a circle`, {
    hint: 'Each model must be built before those that refer to it. Take out one of these ref() calls.',
    data: { nodes: ids },
  })
}
