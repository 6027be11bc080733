import { type DataType, sqlTypeName } from '../../../base/kernel/index.ts'
import { id, join, literal, type Sql, sql, trusted, value } from '../../../base/sql/index.ts'
import type { Typed } from '../compile/scope.ts'
import { unified } from '../compile/unified.ts'
import { comparedAsHeld } from '../functions/math/held-decimal.ts'
import { constantOf } from './constant.ts'
import { duckDbCast } from './duckdb-cast.ts'
import { orderKey } from './duckdb-order.ts'
import type { FrameDialect } from './frame-dialect.ts'

const typeName = (type: DataType): Sql => trusted(sqlTypeName(type, 'duckdb'))

/** A constant as SQL: numbers as text, everything else bound. */
function literalSql(of: unknown, type: DataType): Sql {
  if (of === null) return type.kind === 'null' ? trusted('null') : sql`cast(null as ${typeName(type)})`
  switch (type.kind) {
    case 'boolean':
    case 'integer':
      return literal(type.kind === 'boolean' ? of === true : Number(of))
    case 'double':
      // Without a fraction the engine would take it for a whole number.
      return Number.isInteger(of) ? sql`cast(${literal(Number(of))} as double precision)` : literal(Number(of))
    case 'string':
      return sql`${String(of)}`
    case 'binary':
      return value(Buffer.from(String(of), 'base64'))
    case 'array': {
      const items = join((of as unknown[]).map((item) => literalSql(item, type.element)))
      return type.element.kind === 'null' ? sql`[${items}]` : sql`cast([${items}] as ${typeName(type)})`
    }
    case 'struct': {
      const members = of as Record<string, unknown>
      return sql`struct_pack(${join(
        type.fields.map((field) => sql`${id(field.name)} := ${literalSql(members[field.name] ?? null, field.type)}`),
      )})`
    }
    default:
      return value(String(of), type)
  }
}

/**
 * Whether decimals and constants of few digits are compared: by their digits the answer is that of doubles, to which
 * Spark brings both, and files can be skipped by it.
 */
function exactlyCompared(args: readonly Typed[]): boolean {
  return args.every(({ sql: of, type }) => {
    if (type?.kind === 'decimal') return type.precision <= 15
    const constant = constantOf(of)
    return typeof constant === 'number' && /^-?[\d.]{1,15}$/.test(String(constant))
  })
}

/** DuckDB, for which the forms of functions are written first. */
export const duckDbDialect: FrameDialect = {
  name: 'duckdb',
  engine: 'DuckDB',
  nameBytes: Number.POSITIVE_INFINITY,
  oneSidedJoins: true,
  fullJoins: true,
  weighsJoinFilters: false,
  samples: true,
  strict: false,
  typeName,
  cast: duckDbCast,
  literal: literalSql,
  struct: (members) => sql`struct_pack(${join(members.map((member) => sql`${id(member.name)} := ${member.sql}`))})`,
  member: ({ sql: of, type }, name) =>
    type?.kind === 'map' || type?.kind === 'json' ? sql`${of}[${name}]` : sql`struct_extract(${of}, ${name})`,
  ordered: (of) => orderKey(of),
  form: (definition) => definition.duckdb,
  typed: (of) => of,
  convert: (letter, args, i) => {
    const arg = args[i]
    if (arg === undefined) return trusted('null')
    if (letter === 't' && arg.type && arg.type.kind !== 'null') return duckDbCast(arg, { kind: 'string' }, false)
    if (letter === 'o') return orderKey(arg)
    if (letter !== 'u' && letter !== 'v' && letter !== 'k') return arg.sql
    if (letter !== 'u' && (comparedAsHeld(args) || exactlyCompared(args))) return arg.sql
    const same = unified(args, duckDbDialect)[i] ?? arg
    return letter === 'k' ? orderKey(same) : same.sql
  },
}
