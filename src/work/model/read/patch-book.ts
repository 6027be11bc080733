import { MillraceError } from '../../../base/kernel/index.ts'
import type { Patch } from '../properties.ts'

/** Patches by name: two for one node are refused, and those for no node are remembered. */
export class PatchBook {
  readonly all: readonly Patch[]
  readonly #patches = new Map<string, Patch>()
  readonly #used = new Set<string>()

  /** @throws MillraceError MODEL_DUPLICATE */
  constructor(patches: readonly Patch[]) {
    this.all = patches
    for (const patch of patches) {
      const key = `${patch.kind} ${patch.name}`
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
    }
  }

  take(kind: Patch['kind'], name: string): Patch | undefined {
    this.#used.add(`${kind} ${name}`)
    return this.#patches.get(`${kind} ${name}`)
  }

  unused(): { patch: Patch; file: string; at: number }[] {
    return [...this.#patches]
      .filter(([key]) => !this.#used.has(key))
      .map(([, patch]) => ({ patch, file: patch.file.originalPath, at: patch.at.line ?? 1 }))
  }
}
