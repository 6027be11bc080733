import { type Sql, sql } from '../../../src/base/sql/index.ts'
import { EVERY_TYPE } from './every-type.ts'

/** What the suite must say otherwise in another engine. The claims are the same. */
export interface EngineWords {
  /** An expression of each type, the type it has and the value it is. */
  readonly everyType: typeof EVERY_TYPE
  /** Makes conformance.NAME with bigints `n` from 0 and texts `name`. */
  readonly numbers: (table: Sql, rows: number) => Sql
  /** A text may hold U+0000. */
  readonly zeroCharacter: boolean
  /** Integers beyond 64 bits are integers, not decimal text. */
  readonly hugeIntegers: boolean
  /** What `onProgress` can tell. */
  readonly progress: 'fraction' | 'rows'
  /** Columns of the Arrow test beyond n, name, d, day, at, even, l. */
  readonly arrow: { readonly list: Sql; readonly struct?: Sql }
}

export const DUCKDB_WORDS: EngineWords = {
  everyType: EVERY_TYPE,
  numbers: (table, rows) =>
    sql`create table ${table} as select range as n, 'row ' || range as name from range(${rows})`,
  zeroCharacter: true,
  hugeIntegers: true,
  progress: 'fraction',
  arrow: {
    list: sql`[n, null]`,
    struct: sql`{a: n, b: name}`,
  },
}
