import { MillraceError } from '../../../../base/kernel/index.ts'
import { join, type Sql, sql, trusted } from '../../../../base/sql/index.ts'
import { Column, named } from '../../column.ts'
import type { ColumnOrName, NamesOf, NeedsOf } from '../../column-types.ts'
import { constantOf } from '../../dialect/constant.ts'
import { duckDbDialect } from '../../dialect/duckdb.ts'
import { define, onlyDuckDb, unary } from '../define.ts'
import { UNKNOWN } from '../result-type.ts'
import { commonOf } from '../shared-type.ts'
import { asType, elementOf, type Known, mustBe } from './collection-type.ts'

/** What a generator makes of a row: a list, with an element for each new row. */
export interface Generated {
  readonly list: Sql
  /** The columns: members of the elements, or the elements themselves when they are `bare`. */
  readonly columns: readonly { readonly name: string; readonly type: Known }[]
  readonly bare: boolean
}

// biome-ignore lint/suspicious/noExplicitAny: elements may be anything
type AnyColumn<A> = Column<any, string, NamesOf<A>, NeedsOf<A>>
const ALONE = 'Generators are computed by the step that selects them.'
const more = { kind: 'generator' } as const

/** One row for each element of an array (`col`) or entry of a map (`key`, `value`); one of nulls when there is none. */
export const explodeOuter = unary('explode_outer', onlyDuckDb('', ALONE), UNKNOWN, more)
/** Like `explode`, with the place from 0 in `pos`. */
export const posexplode = unary('posexplode', onlyDuckDb('', ALONE), UNKNOWN, more)
/** Like `posexplode`, with one row of nulls where there is nothing. */
export const posexplodeOuter = unary('posexplode_outer', onlyDuckDb('', ALONE), UNKNOWN, more)
/** One row for each struct of an array, with its members as columns. */
export const inline = unary('inline', onlyDuckDb('', ALONE), UNKNOWN, more)
/** Like `inline`, with one row of nulls where there is nothing. */
export const inlineOuter = unary('inline_outer', onlyDuckDb('', ALONE), UNKNOWN, more)
/** So many rows (a constant) of the values that follow. */
export const stack = Object.assign(
  <const A extends readonly ColumnOrName[]>(rows: Column | number, ...values: A): AnyColumn<A[number]> =>
    new Column({ kind: 'call', fn: 'stack', args: [rows, ...values].map(named) }),
  { definition: define('stack', onlyDuckDb('', ALONE), UNKNOWN, more) },
)
/** Members of JSON text by their names, as columns `c0`, `c1` …; null where it has none. */
export const jsonTuple = Object.assign(
  <const A extends ColumnOrName>(of: A, ...names: readonly string[]): AnyColumn<A> =>
    new Column({
      kind: 'call',
      fn: 'json_tuple',
      args: [named(of), ...names.map((value) => ({ kind: 'literal', value, type: { kind: 'string' } }) as const)],
    }),
  { definition: define('json_tuple', onlyDuckDb('', ALONE), UNKNOWN, more) },
)

/**
 * What a generator makes in DuckDB, of compiled arguments.
 * @throws MillraceError COLUMN_TYPE, FRAME_PLAN_INVALID
 */
export function generatedBy(
  fn: string,
  args: readonly { readonly sql: Sql; readonly type: Known }[],
  [item, i]: readonly [Sql, Sql],
): Generated {
  const [first = { sql: sql`null`, type: undefined }] = args
  if (fn === 'stack') return stacked(args)
  if (fn === 'json_tuple')
    return members(
      first.sql,
      args.slice(1).map((arg) => String(constantOf(arg.sql) ?? '')),
    )
  if (fn.endsWith('_outer')) {
    const inner = generatedBy(fn.slice(0, -'_outer'.length), args, [item, i])
    return { ...inner, list: sql`case when len(${inner.list}) > 0 then ${inner.list} else [null] end` }
  }
  const { sql: of, type } = first
  if (fn === 'inline') {
    mustBe('array', type)
    const element = elementOf(type)
    if (element?.kind !== 'struct') throw unknownType('inline() needs an array of structs')
    return { list: of, columns: element.fields.map(({ name, type }) => ({ name, type })), bare: false }
  }
  if (!type) throw unknownType(`${fn}() needs an array or a map whose type is known`)
  const pos = { name: 'pos', type: { kind: 'integer' } } as const
  const place = sql`cast(${i} - 1 as integer)`
  if (type.kind === 'map') {
    const columns = [{ name: 'key', type: type.key }, { name: 'value', type: type.value }] // biome-ignore format: short
    const entries = sql`map_entries(${of})`
    if (fn === 'explode') return { list: entries, columns, bare: false }
    const struct = sql`struct_pack(pos := ${place}, key := ${item}.key, value := ${item}.value)`
    return {
      list: sql`list_transform(${entries}, lambda ${item}, ${i}: ${struct})`,
      columns: [pos, ...columns],
      bare: false,
    }
  }
  mustBe('array', type)
  const column = { name: 'col', type: elementOf(type) }
  if (fn === 'explode') return { list: of, columns: [column], bare: true }
  const struct = sql`struct_pack(pos := ${place}, col := ${item})`
  return { list: sql`list_transform(${of}, lambda ${item}, ${i}: ${struct})`, columns: [pos, column], bare: false }
}

function unknownType(message: string): MillraceError {
  return new MillraceError('COLUMN_TYPE', message, { hint: 'Cast it first: col("xs").cast("array<int>").' })
}

function stacked(args: readonly { readonly sql: Sql; readonly type: Known }[]): Generated {
  const rows = Number(
    constantOf(args[0]?.sql) ?? args[0]?.sql.parts.map((part) => ('text' in part ? part.text : '')).join(''),
  )
  const values = args.slice(1)
  if (!Number.isInteger(rows) || rows < 1 || values.length === 0) {
    throw new MillraceError('FRAME_PLAN_INVALID', 'stack() takes a constant number of rows, and values', {
      hint: 'Such as stack(lit(2), "a", "b").',
    })
  }
  const width = Math.ceil(values.length / rows)
  for (const [i, { type }] of values.entries()) {
    const above = values[i % width]?.type
    if (type && above && type.kind !== above.kind && type.kind !== 'null' && above.kind !== 'null') {
      throw new MillraceError(
        'COLUMN_TYPE',
        `stack() has ${above.kind} and ${type.kind} in the column col${i % width}`,
        {
          hint: `Cast one of them: col('…').cast('${above.kind}').`,
        },
      )
    }
  }
  const columns = Array.from({ length: width }, (_, at) => ({
    name: `col${at}`,
    type: commonOf(values.filter((_, i) => i % width === at).map((value) => value.type)),
  }))
  const items = Array.from({ length: rows }, (_, row) => {
    const cells = columns.map(({ type }, at) => {
      const value = values[row * width + at]
      const cell = value ? asType(value.sql, value.type, type) : trusted('null')
      return sql`${trusted(`col${at}`)} := ${type && type.kind !== 'null' ? sql`cast(${cell} as ${duckDbDialect.typeName(type)})` : cell}`
    })
    return sql`struct_pack(${join(cells)})`
  })
  return { list: sql`[${join(items)}]`, columns, bare: false }
}

function members(of: Sql, names: readonly string[]): Generated {
  const cells = names.map((name, i) => {
    const path = `$."${name.replaceAll('"', '')}"`
    return sql`${trusted(`c${i}`)} := case when json_valid(${of}) then json_extract_string(${of}, ${path}) end`
  })
  const columns = names.map((_, i) => ({ name: `c${i}`, type: { kind: 'string' } as const }))
  return { list: sql`[struct_pack(${join(cells)})]`, columns, bare: false }
}
