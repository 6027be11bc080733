import { dirname } from 'node:path'
import { crc32 } from 'node:zlib'
import { MillraceError } from '../../../../base/kernel/index.ts'
import { localStore, type Store } from '../../../../base/store/index.ts'
import type { RowSet } from '../../row-set.ts'
import type { DeletionVector } from '../actions.ts'
import { absolutePath } from '../file-path.ts'
import { readRoaring } from './roaring.ts'
import { decodeZ85 } from './z85.ts'

/** Tells one vector from another (Delta protocol, "Deletion Vector Descriptor Schema": the derived `uniqueId`). */
export function vectorKey({ storageType, pathOrInlineDv, offset }: DeletionVector): string {
  return `${storageType}${pathOrInlineDv}${offset === undefined ? '' : `@${offset}`}`
}

/**
 * Where the file lies that holds a vector which is not in the log itself.
 * @param locate the address of a path below the table's folder
 * @throws MillraceError DELTA_FEATURE_UNSUPPORTED for a kind of storage that is unknown, DELTA_LOG_CORRUPT
 */
export function vectorAddress(
  { storageType, pathOrInlineDv }: DeletionVector,
  dataFile: string,
  locate: (relative: string) => string,
): string {
  if (storageType === 'p') return absolutePath(pathOrInlineDv, locate)
  if (storageType === 'u') {
    const folder = pathOrInlineDv.slice(0, -20)
    const name = `deletion_vector_${uuidOf(pathOrInlineDv.slice(-20), dataFile)}.bin`
    return locate(folder === '' ? name : `${folder}/${name}`)
  }
  throw new MillraceError(
    'DELTA_FEATURE_UNSUPPORTED',
    `reading the deletion vector of ${dataFile}: its storage "${storageType}" is unknown`,
    { data: { features: [`deletionVectors (storage ${storageType})`] } },
  )
}

/** Reads deletion vectors of a table; the file that holds many is read once. */
export class DeletionVectors {
  readonly #store: Store
  readonly #folder: string
  readonly #files = new Map<string, Promise<Uint8Array | undefined>>()

  /** @param folder the table's inside the store */
  constructor(store: Store, folder: string) {
    this.#store = store
    this.#folder = folder
  }

  /**
   * The rows of a data file that a vector deletes.
   * @throws MillraceError DELTA_LOG_CORRUPT naming the file that is missing or damaged, DELTA_FEATURE_UNSUPPORTED for
   *   a kind of storage that is unknown
   */
  async read(vector: DeletionVector, dataFile: string): Promise<RowSet> {
    if (vector.storageType === 'i') return this.#rows(vector, () => decodeInline(vector), `of ${dataFile}`)
    const prefix = this.#folder === '' ? '' : `${this.#folder}/`
    const address = vectorAddress(vector, dataFile, (relative) => this.#store.locate(`${prefix}${relative}`))
    const bytes = await this.#bytes(address)
    const where = `${address}${vector.offset === undefined ? '' : ` at ${vector.offset}`}`
    if (!bytes) throw damaged(where, 'the file is missing')
    return this.#rows(vector, () => decodeFile(bytes, vector), where)
  }

  #rows(vector: DeletionVector, bytes: () => Uint8Array, where: string): RowSet {
    let rows: RowSet
    try {
      rows = readRoaring(bytes())
    } catch (cause) {
      throw damaged(where, cause instanceof RangeError ? cause.message : 'it cannot be read', cause)
    }
    if (rows.size !== vector.cardinality) {
      throw damaged(where, `it holds ${rows.size} rows where the log says ${vector.cardinality}`)
    }
    return rows
  }

  #bytes(address: string): Promise<Uint8Array | undefined> {
    let bytes = this.#files.get(address)
    if (!bytes) {
      const root = `${this.#store.locate('').replace(/\/$/, '')}/`
      if (address.startsWith(root)) bytes = this.#store.get(address.slice(root.length))
      else if (address.startsWith('/')) {
        const folder = dirname(address)
        bytes = localStore(folder).get(address.slice(folder.length).replace(/^\//, ''))
      } else {
        throw new MillraceError('STORE_UNSUPPORTED', `reading the deletion vector ${address}: it lies in another store`)
      }
      this.#files.set(address, bytes)
    }
    return bytes
  }
}

function decodeInline({ pathOrInlineDv, sizeInBytes }: DeletionVector): Uint8Array {
  const bytes = decodeZ85(pathOrInlineDv)
  // The text stands for a multiple of four bytes.
  return sizeInBytes === undefined ? bytes : bytes.subarray(0, sizeInBytes)
}

/** In a file: the size, the bitmap and its checksum (Delta protocol, "Deletion Vector File Storage Format"). */
function decodeFile(bytes: Uint8Array, { offset = 1, sizeInBytes }: DeletionVector): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const size = view.getInt32(offset)
  if (size < 0 || (sizeInBytes !== undefined && size !== sizeInBytes)) {
    throw new RangeError(`it is of ${size} bytes where the log says ${sizeInBytes}`)
  }
  const checksum = view.getUint32(offset + 4 + size)
  const data = bytes.subarray(offset + 4, offset + 4 + size)
  if (crc32(data) !== checksum) throw new RangeError('its checksum is wrong')
  return data
}

function uuidOf(text: string, dataFile: string): string {
  try {
    const hex = Buffer.from(decodeZ85(text)).toString('hex')
    if (hex.length === 32) return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
  } catch (cause) {
    throw damaged(`of ${dataFile}`, `its name "${text}" cannot be read`, cause)
  }
  throw damaged(`of ${dataFile}`, `its name "${text}" is too short`)
}

function damaged(where: string, why: string, cause?: unknown): MillraceError {
  return new MillraceError('DELTA_LOG_CORRUPT', `reading the deletion vector ${where}: ${why}`, {
    hint: 'Restore the file from a backup, or read a version before it was written.',
    ...(cause === undefined ? {} : { cause }),
  })
}
