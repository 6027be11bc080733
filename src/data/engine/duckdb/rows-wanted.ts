import { join, literal, type Sql, sql, trusted } from '../../../base/sql/index.ts'
import type { ParquetFile, RowSet } from '../../table/index.ts'

/** Bytes of a bitmap for each row in it, beyond which a list of the rows is smaller. */
const SPARSE_BYTES = 64

/**
 * The condition that keeps the wanted rows of files of one scan, in the order in which it lists them. Bitmaps are
 * constants of the statement, looked up for each row: rows are neither joined nor brought out of the engine.
 */
export function rowsWanted(files: readonly ParquetFile[]): Sql {
  const cases = files.map(({ without, only }, at) => {
    const rows = only ?? without
    const isIn = rows ? isRowIn(rows) : sql`false`
    return sql`when ${literal(at)} then ${only ? isIn : sql`not (${isIn})`}`
  })
  const [first] = cases
  if (!first) return sql``
  if (cases.length === 1) {
    const [{ without, only } = {}] = files
    const rows = only ?? without
    return rows ? sql` where ${only ? isRowIn(rows) : sql`not (${isRowIn(rows)})`}` : sql``
  }
  return sql` where case file_index::bigint ${join(cases, ' ')} end`
}

function isRowIn(rows: RowSet): Sql {
  const { size, end } = rows
  if (size === 0) return sql`false`
  if (end > size * 8 * SPARSE_BYTES) {
    const list = literal(JSON.stringify([...rows]))
    return sql`file_row_number in (select unnest(cast(${list} as bigint[])))`
  }
  if (size === end) return sql`file_row_number < ${literal(end)}`
  const bits = sql`cast(from_base64(${trusted(`'${Buffer.from(rows.bits()).toString('base64')}'`)}) as bit)`
  return sql`case when file_row_number < ${literal(end)} then get_bit(${bits}, file_row_number::integer) = 1 else false end`
}
