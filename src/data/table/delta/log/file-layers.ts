import type { AddFile, DeletionVector, RemoveFile } from '../actions.ts'
import { fileKey } from '../file-path.ts'
import { vectorKey } from '../vectors/deletion-vector.ts'
import type { CheckpointFiles, FilePlace } from './checkpoint-files.ts'

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
 * one below, over what a checkpoint holds. A newer version shares what has not changed, so that following a table costs
 * the new commits only.
 */
export class FileLayers {
  static readonly empty = new FileLayers([], undefined)
  readonly #layers: readonly Layer[]
  /** What lies below them all, which is left as it was read. */
  readonly #checkpoint: CheckpointFiles | undefined
  #files: readonly AddFile[] | undefined

  private constructor(layers: readonly Layer[], checkpoint: CheckpointFiles | undefined) {
    this.#layers = layers
    this.#checkpoint = checkpoint
  }

  static over(checkpoint: CheckpointFiles): FileLayers {
    return new FileLayers([], checkpoint)
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
    return new FileLayers([...layers, top], this.#checkpoint)
  }

  /** In the order in which they were added. */
  get files(): readonly AddFile[] {
    this.#files ??= this.#found()
    return this.#files
  }

  /** Where the files lie, in the same order: for a table of which nothing else is wanted. */
  *places(): Generator<FilePlace> {
    if (this.#files) return yield* this.#files
    for (const place of this.#checkpoint?.places() ?? []) {
      if (this.#layers.length === 0 || !isIn(this.#layers, logicalKey(place))) yield place
    }
    for (const state of this.#states()) if (!(state instanceof Tombstone)) yield state
  }

  get tombstones(): RemoveFile[] {
    const below = (this.#checkpoint?.tombstones ?? []).filter((file) => !isIn(this.#layers, logicalKey(file)))
    return [...below, ...[...this.#states()].flatMap((state) => (state instanceof Tombstone ? [state.file] : []))]
  }

  #found(): readonly AddFile[] {
    const below = this.#checkpoint?.files ?? []
    if (this.#layers.length === 0) return below
    const files = below.filter((file) => !isIn(this.#layers, logicalKey(file)))
    for (const state of this.#states()) if (!(state instanceof Tombstone)) files.push(state)
    return files
  }

  *#states(): Generator<AddFile | Tombstone> {
    for (const [at, layer] of this.#layers.entries()) {
      const above = this.#layers.slice(at + 1)
      for (const [key, state] of layer) if (!isIn(above, key)) yield state
    }
  }
}

function isIn(layers: readonly Layer[], key: string): boolean {
  return layers.some((layer) => layer.has(key))
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
