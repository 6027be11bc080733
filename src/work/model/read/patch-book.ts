import { MillraceError } from '../../../base/kernel/index.ts'
import type { Patch } from './properties.ts'

/** Patches by name: two for one node are refused, and those for no node are remembered. */
export class PatchBook {
  readonly all: readonly Patch[]
  readonly #patches = new Map<string, Patch>()
  readonly #used = new Set<Patch>()

  /** @throws MillraceError MODEL_DUPLICATE */
  constructor(patches: readonly Patch[]) {
    this.all = patches
    for (const patch of patches) {
      const [own = patch.name, ...others] = patch.version?.files ?? []
      const key = `${patch.kind} ${own}`
      const first = this.#patches.get(key)
      if (first) {
        throw new MillraceError(
          'MODEL_DUPLICATE',
          `reading ${patch.file.originalPath}: the ${key} is described twice`,
          {
            at: patch.at,
            hint: `It is described at ${first.file.originalPath}:${first.at.line ?? 1} already; keep one of them.`,
          },
        )
      }
      this.#patches.set(key, patch)
      for (const other of others) {
        if (!this.#patches.has(`${patch.kind} ${other}`)) this.#patches.set(`${patch.kind} ${other}`, patch)
      }
    }
  }

  take(kind: Patch['kind'], name: string): Patch | undefined {
    const found = this.#patches.get(`${kind} ${name}`)
    if (!found || (found.version && this.#used.has(found))) return undefined
    this.#used.add(found)
    return found
  }

  unused(): { patch: Patch; file: string; at: number }[] {
    return this.all
      .filter((patch) => !this.#used.has(patch))
      .map((patch) => ({ patch, file: patch.file.originalPath, at: patch.at.line ?? 1 }))
  }
}
