import { sql, trusted } from '../../../../base/sql/index.ts'
import { Column, named } from '../../column.ts'
import type { ColumnOrName, NamesOf, NeedsOf } from '../../column-types.ts'
import { postgresCast } from '../../dialect/postgres-cast.ts'
import { define, type Forms } from '../define.ts'
import { takes } from '../math/math-argument.ts'
import { STRING } from '../result-type.ts'

type Text = ColumnOrName

/** Spark trims blanks only. */
const BLANKS = ' '

function trimmer(fn: 'trim' | 'btrim' | 'ltrim' | 'rtrim') {
  const [duckdb, postgres] = [trusted(fn === 'btrim' ? 'trim' : fn), trusted(fn === 'trim' ? 'btrim' : fn)]
  const forms: Forms = {
    duckdb: takes(['string'], ([of, characters]) => sql`${duckdb}(${of}, ${characters ?? BLANKS})`),
    postgres: ([of, characters], [type]) =>
      sql`${postgres}(${postgresCast({ sql: of, type }, { kind: 'string' }, false)}, ${characters ?? BLANKS})`,
  }
  const build = <const A extends Text>(
    column: A,
    characters?: Text,
  ): Column<string | null, string, NamesOf<A>, NeedsOf<A>> =>
    new Column({ kind: 'call', fn, args: [named(column), ...(characters === undefined ? [] : [named(characters)])] })
  return Object.assign(build, { definition: define(fn, forms, STRING) })
}

/** Without the blanks at both ends, or without any of the characters of a second text. */
export const trim = trimmer('trim')
/** The same as `trim`. */
export const btrim = trimmer('btrim')
/** `trim` at the begin only. */
export const ltrim = trimmer('ltrim')
/** `trim` at the end only. */
export const rtrim = trimmer('rtrim')
