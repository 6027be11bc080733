import { isAscii } from 'node:buffer'
import { MillraceError } from '../../../base/kernel/index.ts'
import type { MemberRows } from '../../table/index.ts'
import type { BytesColumn, ColumnData } from '../contract.ts'
import { isValid } from '../take-column.ts'

/** Reads texts and numbers of a column when they are asked for: see `ParquetPort.members`. */
export function memberReader(column: ColumnData): MemberRows['columns'][number] {
  const { validity } = column
  if (validity?.every((byte) => byte === 0)) return undefined
  if (column.layout === 'fixed') {
    const { values } = column
    return (row) => (isValid(validity, row) ? Number(values[row]) : null)
  }
  if (column.layout !== 'bytes') throw new MillraceError('INTERNAL', `a member is of layout ${column.layout}`)
  const text = textReader(column)
  return (row) => (isValid(validity, row) ? text(row) : null)
}

/**
 * Texts of a column as slices of one, where that is possible: a call for each costs ten times as much. Made at once, so
 * that the column's bytes need not be kept beside it.
 */
function textReader({ offsets, bytes }: BytesColumn): (row: number) => string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (!isAscii(buffer)) return (row) => buffer.toString('utf8', offsets[row], offsets[row + 1])
  const all = buffer.toString('latin1')
  // Given back now: a collection waits until there are many times as many.
  if (bytes.byteLength === bytes.buffer.byteLength && bytes.buffer instanceof ArrayBuffer) bytes.buffer.transfer(0)
  return (row) => all.slice(offsets[row], offsets[row + 1])
}
