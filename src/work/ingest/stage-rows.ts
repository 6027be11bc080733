import {
  type DataType,
  type Field,
  formatType,
  MillraceError,
  type Schema,
  sqlTypeName,
} from '../../base/kernel/index.ts'
import { id, join, literal, type Sql, sql, trusted } from '../../base/sql/index.ts'
import { namesWhere, rejectRows, stagedType } from '../../data/connect/index.ts'
import { type EngineConnection, type SpooledFile, spooledRelation } from '../../data/engine/index.ts'
import { widens } from './fit-source.ts'

/** What makes rows out of the files that a server's rows were spooled to. */
export interface RowPlan {
  /** The columns of the spooled files, in order, with the server's types. */
  readonly server: Schema
  /** The columns that are wanted, of which the server may lack some. */
  readonly wanted: Schema
  /** What was read, as rejects name it. */
  readonly origin: string
}

/** What is told of a file of rows to read it. */
export type Spooled = Pick<SpooledFile, 'path' | 'rowBytes'>

/** Rows of spooled files: table expressions with the columns of `wanted`. */
export interface SpooledRows {
  readonly rows: Sql
  /** A query of REJECT_SCHEMA. */
  readonly rejects?: Sql
}

/**
 * Whether the text of every value can be read as the wanted type as it stands: then the engine's reader does it in
 * one pass, and fails as a whole where a value does not fit (a date of the year 0, say), upon which `carefulRows` tells
 * which row it is.
 */
export function readsDirectly({ server, wanted }: RowPlan): boolean {
  return pairs(server, wanted).every(({ from, to }) => from === undefined || isDirect(from.type, to.type))
}

/** The files as a table expression with the columns of `schema`. */
export function relationOf(files: readonly Spooled[], schema: Schema): Sql {
  const paths = files.map(({ path }) => path)
  return spooledRelation(paths, schema, { rowBytes: Math.max(0, ...files.map(({ rowBytes }) => rowBytes)) })
}

/** All rows, by the engine's reader. */
export function directRows(files: readonly Spooled[], plan: RowPlan): SpooledRows {
  const { server, wanted } = plan
  const types = new Map(wanted.fields.map(({ name, type }) => [name, type]))
  const read = { fields: server.fields.map((field) => ({ ...field, type: types.get(field.name) ?? field.type })) }
  return { rows: complete(relationOf(files, read), plan) }
}

/** Whether values of the server's types are values of the wanted ones. */
export function takesValues({ server, wanted }: RowPlan): boolean {
  return pairs(server, wanted).every(({ from, to }) => from === undefined || widens(from.type, to.type))
}

/** All rows of a relation that has the server's columns in the server's types. */
export function scannedRows(relation: Sql, plan: RowPlan): SpooledRows {
  return { rows: complete(relation, plan) }
}

/** Rows whose values all fit, and the others with column and reason. */
export async function carefulRows(
  connection: EngineConnection,
  files: readonly Spooled[],
  plan: RowPlan,
  temp: string,
): Promise<SpooledRows> {
  const { server, wanted } = plan
  const texts = { fields: server.fields.map((field): Field => ({ ...field, type: { kind: 'string' } })) }
  const converted = pairs(server, wanted).flatMap(({ from, to }) =>
    from ? [{ to, ...conversion(from, to.type) }] : [],
  )
  const columns = converted.map(({ to, value }) => sql`${value} as ${id(to.name)}`)
  const bad = converted.map(({ to, fits }, index) => ({ name: literal(to.name), fits, flag: `millrace_bad_${index}` }))
  const flags = bad.map(({ fits, flag }) => sql`not (${fits}) as ${id(flag)}`)
  const raw = sql`cast(to_json({${join(server.fields.map(({ name }) => sql`${literal(name)}: ${id(name)}`))}}) as varchar)`
  const bads = join(
    bad.map(({ flag }) => id(flag)),
    ' or ',
  )
  await connection.execute(sql`
    create or replace temp table ${id(temp)} as
    select *, ${bads} as millrace_bad from (
      select ${join([...columns, ...flags, sql`${raw} as millrace_raw`])}
      from ${relationOf(files, texts)} as spooled) as checked`)
  return {
    rows: complete(sql`(select * from ${id(temp)} where not millrace_bad) as checked`, plan),
    rejects: rejectRows(
      {
        file: literal(plan.origin),
        line: trusted('null'),
        column: namesWhere(bad.map(({ name, flag }) => ({ name, bad: id(flag) }))),
        reason: namesReason(bad.map(({ flag }, index) => ({ flag, type: converted[index]?.to.type }))),
        raw: sql`millrace_raw`,
      },
      sql`${id(temp)} where millrace_bad`,
    ),
  }
}

function pairs(server: Schema, wanted: Schema) {
  const given = new Map(server.fields.map((field) => [field.name, field]))
  return wanted.fields.map((to) => ({ from: given.get(to.name), to }))
}

/** The columns of `wanted` in order; those that the server lacks are null. */
function complete(relation: Sql, { server, wanted }: RowPlan): Sql {
  const columns = pairs(server, wanted).map(({ from, to }) =>
    from ? id(to.name) : sql`cast(null as ${typeName(to.type)}) as ${id(to.name)}`,
  )
  return sql`(select ${join(columns)} from ${relation}) as spooled`
}

function isDirect(from: DataType, to: DataType): boolean {
  return widens(from, to) || (to.kind === 'string' && !['boolean', 'binary'].includes(from.kind))
}

const UNBOUNDED = new Set(['date', 'timestamp', 'timestamp_ntz'])
const NUMBERS = /^(byte|short|integer|long|hugeint|ubyte|ushort|uinteger|ulong|float|double|decimal)$/

/** The text of a column as a value of another type, and whether nothing is lost by it. */
function conversion(from: Field, to: DataType): { readonly value: Sql; readonly fits: Sql } {
  const text = id(from.name)
  const there = sql`${text} is null`
  if (isDirect(from.type, to)) {
    const value = parsed(text, to)
    const finite = UNBOUNDED.has(to.kind) ? sql` and isfinite(${value})` : sql``
    return { value, fits: sql`${there} or (${value} is not null${finite})` }
  }
  if (from.type.kind === 'string') {
    // DuckDB reads `1.5` as the whole number 2: it is read as a decimal first.
    const staged = sql`try_cast(${text} as ${trusted(stagedType(to))})`
    const value = sql`try_cast(${staged} as ${typeName(to)})`
    return {
      value,
      fits: sql`${there} or (${value} is not null and cast(${value} as ${trusted(stagedType(to))}) = ${staged})`,
    }
  }
  const own = parsed(text, from.type)
  const value = sql`try_cast(${own} as ${typeName(to)})`
  const back = NUMBERS.test(from.type.kind) || UNBOUNDED.has(from.type.kind) || from.type.kind === 'boolean'
  const same = back ? sql` and try_cast(${value} as ${typeName(from.type)}) = ${own}` : sql``
  return { value, fits: sql`${there} or (${value} is not null${same})` }
}

/** A text as a value; null where it is none. Only bytes and lists are written in another way than DuckDB reads them. */
function parsed(text: Sql, type: DataType): Sql {
  switch (type.kind) {
    case 'string':
      return text
    case 'binary':
      return sql`case when regexp_full_match(${text}, '\\\\x([0-9a-fA-F]{2})*') then from_hex(substr(${text}, 3)) end`
    case 'array':
    case 'map':
    case 'struct':
      throw new MillraceError('TYPE_UNSUPPORTED', `checking single values of the type ${formatType(type)}`, {
        hint: 'Cast the column in a `query`, for example to json.',
      })
    default:
      return sql`try_cast(${text} as ${typeName(type)})`
  }
}

function namesReason(flags: readonly { readonly flag: string; readonly type: DataType | undefined }[]): Sql {
  const cases = flags.map(
    ({ flag, type }) =>
      sql`case when ${id(flag)} then ${literal(`not a value of the type ${type ? formatType(type) : ''}`)} end`,
  )
  return sql`concat_ws('; ', ${join(cases)})`
}

function typeName(type: DataType): Sql {
  return trusted(sqlTypeName(type, 'duckdb'))
}
