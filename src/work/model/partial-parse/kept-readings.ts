import { hash } from 'node:crypto'
import type { Node } from '../node.ts'
import type { Calls } from '../read/reading.ts'
import { isPlainJson } from './plain-json.ts'

/** What rendering nodes gave, each under a digest of all that the node says of itself. */
export type Readings = readonly (readonly [key: string, calls: Calls])[]

/**
 * Spares the rendering of nodes that are as they were when the project was last read. They must have been rendered with
 * the same macros, variables and target, and only what took nothing else from outside is kept.
 */
export class KeptReadings {
  readonly #before: ReadonlyMap<string, Calls>
  readonly #now = new Map<string, Calls>()
  readonly #outside: () => number

  /** `outside` counts what templates took from outside and what they told. */
  constructor(before: Readings, outside: () => number) {
    this.#before = new Map(before)
    this.#outside = outside
  }

  /** What is known of a node, or what `read` gives. */
  async of(node: Node, read: () => Promise<Calls>): Promise<Calls> {
    const key = keyOf(node)
    if (key === undefined) return read()
    const known = this.#before.get(key)
    if (known) {
      this.#now.set(key, known)
      return structuredClone(known)
    }
    const outside = this.#outside()
    const calls = await read()
    if (this.#outside() === outside && isPlainJson(calls)) this.#now.set(key, structuredClone(calls))
    return calls
  }

  /** What was read this time. */
  get readings(): Readings {
    return [...this.#now]
  }
}

/** Undefined for a node that cannot be told from others by what is said of it: code of a seed may read its rows. */
function keyOf(node: Node): string | undefined {
  const { created_at: _, ...told } = node
  return node.resource_type === 'seed' || !isPlainJson(told) ? undefined : hash('sha256', JSON.stringify(told))
}
