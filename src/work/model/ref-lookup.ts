import type { Node, RefArgs } from './node.ts'

/** Kinds of nodes that a `ref` can mean. */
export const REFERABLE = ['model', 'seed', 'snapshot'] as const

/** Finds the nodes that `ref` means, by name, package and version. */
export class RefLookup {
  readonly #project: string
  /** Nodes by `name`, and by `name.v1` where there are versions, of each package. */
  readonly #found = new Map<string, Map<string, Node>>()

  constructor(project: string, nodes: Iterable<Node>) {
    this.#project = project
    for (const node of nodes) {
      if (!REFERABLE.some((kind) => kind === node.resource_type)) continue
      const version = node.version ?? null
      if (version === null) this.#add(node.name, node)
      else {
        this.#add(`${node.name}.v${version}`, node)
        if (String(version) === String(node.latest_version)) this.#add(node.name, node)
      }
    }
  }

  /**
   * The node that a `ref` in a package means, or undefined: of the package it names; else the root project's, its own
   * package's, the only one of any other.
   */
  find(
    written: Pick<RefArgs, 'name' | 'package'> & { readonly version?: RefArgs['version'] },
    from: string,
  ): Node | undefined {
    const key =
      written.version === null || written.version === undefined ? written.name : `${written.name}.v${written.version}`
    const found = this.#found.get(key)
    if (!found) return undefined
    if (written.package !== null) return found.get(written.package)
    return found.get(this.#project) ?? found.get(from) ?? (found.size === 1 ? [...found.values()][0] : undefined)
  }

  #add(key: string, node: Node): void {
    const found = this.#found.get(key) ?? new Map<string, Node>()
    found.set(node.package_name, node)
    this.#found.set(key, found)
  }
}
