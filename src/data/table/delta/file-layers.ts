import type { AddFile, DeletionVector, RemoveFile } from './actions.ts'
import { vectorKey } from './deletion-vector.ts'
import { fileKey } from './file-path.ts'

/** A file that was removed. */
export class Tombstone {
  readonly file: RemoveFile

  constructor(file: RemoveFile) {
    this.file = file
  }
}

/** What the log last said of each file, by key. */
export type Layer = Map<string, AddFile | Tombstone>

/**
 * What tells one logical file from another: the same path with another deletion vector is another one (Delta protocol,
 * "Action Reconciliation").
 */
export function logicalKey({ path, deletionVector }: { path: string; deletionVector?: DeletionVector }): string {
  return deletionVector === undefined ? fileKey(path) : `${fileKey(path)}\0${vectorKey(deletionVector)}`
}

/**
 * The files of a version as layers of changes over one another, the newest last, each less than half as large as the
 * one below. A newer version shares what has not changed, so that following a table costs the new commits only.
 */
export class FileLayers {
  static readonly empty = new FileLayers([])
  readonly #layers: readonly Layer[]
  #files: readonly AddFile[] | undefined

  private constructor(layers: readonly Layer[]) {
    this.#layers = layers
  }

  /** These files with the changes of newer commits; the layer is taken over. */
  with(layer: Layer): FileLayers {
    if (layer.size === 0) return this
    const layers = [...this.#layers]
    let top = layer
    for (let below = layers.at(-1); below && below.size <= top.size * 2; below = layers.at(-1)) {
      layers.pop()
      top = merged(below, top)
    }
    return new FileLayers([...layers, top])
  }

  /** In the order in which they were added. */
  get files(): readonly AddFile[] {
    this.#files ??= [...this.#states()].filter((state): state is AddFile => !(state instanceof Tombstone))
    return this.#files
  }

  get tombstones(): RemoveFile[] {
    return [...this.#states()].flatMap((state) => (state instanceof Tombstone ? [state.file] : []))
  }

  *#states(): Generator<AddFile | Tombstone> {
    for (const [at, layer] of this.#layers.entries()) {
      const above = this.#layers.slice(at + 1)
      for (const [key, state] of layer) if (!above.some((newer) => newer.has(key))) yield state
    }
  }
}

function merged(below: Layer, top: Layer): Layer {
  const layer: Layer = new Map(below)
  for (const [key, state] of top) {
    // Removed first, so that a file that is added anew takes its place at the end.
    layer.delete(key)
    layer.set(key, state)
  }
  return layer
}
