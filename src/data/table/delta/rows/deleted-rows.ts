import { id, literal, type Sql, sql } from '../../../../base/sql/index.ts'
import { ROW_PLACE } from '../../parquet-port.ts'
import { PIECE_ROWS, RowSet } from '../../row-set.ts'
import type { ChangingConnection } from './changing-connection.ts'

/**
 * The rows of a table of hits that go out of their files, by the files' numbers. The engine makes bitmaps of them: no
 * row number comes out by itself.
 */
export async function deletedRows(connection: ChangingConnection, hits: Sql): Promise<ReadonlyMap<number, RowSet>> {
  const [file, row] = [id(ROW_PLACE.file), id(ROW_PLACE.row)]
  const found = await connection.rows<{ file: bigint; piece: bigint; bits: string }>(
    sql`select ${file} as file, ${row} // ${literal(PIECE_ROWS)} as piece,
          to_base64(cast(bitstring_agg(cast(${row} % ${literal(PIECE_ROWS)} as integer), 0, ${literal(PIECE_ROWS - 1)}) as blob)) as bits
        from ${hits} where clause is not null group by all`,
  )
  const byFile = Map.groupBy(found, (one) => Number(one.file))
  return new Map(
    [...byFile].map(([number, pieces]) => [
      number,
      RowSet.ofBits(pieces.map(({ piece, bits }) => [Number(piece), Buffer.from(bits, 'base64')] as const)),
    ]),
  )
}
