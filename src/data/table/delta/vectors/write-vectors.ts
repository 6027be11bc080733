import { randomUUID } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { RowSet } from '../../row-set.ts'
import type { DeletionVector } from '../actions.ts'
import type { DeltaLog } from '../log/delta-log.ts'
import { writeRoaring } from './roaring.ts'
import { encodeZ85 } from './z85.ts'

/** Deletion vectors in one file of the table's folder, in the order of the rows they were written of. */
export interface WrittenVectors {
  readonly vectors: readonly DeletionVector[]
  /** Inside the store. */
  readonly path: string
}

const VERSION = 1

/** Writes sets of deleted rows into a file (Delta protocol, "Deletion Vector File Storage Format"). */
export async function writeVectors({ store, path }: DeltaLog, rows: readonly RowSet[]): Promise<WrittenVectors> {
  const bitmaps = rows.map(writeRoaring)
  const bytes = new Uint8Array(1 + bitmaps.reduce((sum, { length }) => sum + length + 8, 0))
  const view = new DataView(bytes.buffer)
  view.setUint8(0, VERSION)
  const id = randomUUID()
  const pathOrInlineDv = encodeZ85(Buffer.from(id.replaceAll('-', ''), 'hex'))
  let offset = 1
  const vectors = bitmaps.map((bitmap, at): DeletionVector => {
    view.setInt32(offset, bitmap.length)
    bytes.set(bitmap, offset + 4)
    view.setUint32(offset + 4 + bitmap.length, crc32(bitmap))
    const vector = { offset, sizeInBytes: bitmap.length, cardinality: rows[at]?.size ?? 0 }
    offset += bitmap.length + 8
    return { storageType: 'u', pathOrInlineDv, ...vector }
  })
  const file = `${path === '' ? '' : `${path}/`}deletion_vector_${id}.bin`
  await store.put(file, bytes)
  return { vectors, path: file }
}
