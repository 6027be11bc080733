import { type DataType, sqlTypeName } from '../../../base/kernel/index.ts'
import { join, literal, type Sql, sql, trusted, value } from '../../../base/sql/index.ts'
import type { Typed } from '../compile/scope.ts'
import { commonOf } from '../functions/shared-type.ts'
import { type FrameDialect, unsupported } from './frame-dialect.ts'
import { postgresCast } from './postgres-cast.ts'

const ENGINE = 'PostgreSQL'

const typeName = (type: DataType): Sql => trusted(sqlTypeName(type, 'postgres'))

/** A constant as SQL, always with its type: PostgreSQL would guess one where several fit. */
function literalSql(of: unknown, type: DataType): Sql {
  if (of === null) return type.kind === 'null' ? trusted('null') : sql`cast(null as ${typeName(type)})`
  switch (type.kind) {
    case 'boolean':
    case 'integer':
      return literal(type.kind === 'boolean' ? of === true : Number(of))
    case 'double':
      // Without a fraction the engine would take it for a whole number.
      return Number.isInteger(of) ? sql`cast(${literal(Number(of))} as double precision)` : literal(Number(of))
    case 'binary':
      return sql`decode(${value(String(of), { kind: 'string' })}, 'base64')`
    case 'array': {
      const simple: DataType = type.element.kind === 'null' ? { ...type, element: { kind: 'string' } } : type
      const items = join((of as unknown[]).map((item) => literalSql(item, type.element)))
      return sql`cast(array[${items}] as ${typeName(simple)})`
    }
    case 'struct':
      throw unsupported('a struct', ENGINE, 'It has no nameless structs: use columns.')
    default:
      return value(String(of), type)
  }
}

const TO: Readonly<Record<string, DataType>> = {
  t: { kind: 'string' },
  i: { kind: 'integer' },
  f: { kind: 'double' },
  d: { kind: 'date' },
  w: { kind: 'timestamp_ntz' },
  m: { kind: 'timestamp' },
}

function ordered({ sql: of, type }: Typed): Sql {
  return type?.kind === 'string' ? sql`${of} collate "C"` : of
}

function convert(letter: string, args: readonly Typed[], i: number): Sql {
  const arg = args[i]
  if (!arg) return trusted('null')
  const to = TO[letter]
  if (to) return postgresCast(arg, to, false)
  if (letter === 's') return ordered(arg)
  if (letter !== 'u' && letter !== 'v') return arg.sql
  const same = postgresCommon(args)[i] ?? arg
  return letter === 'u' ? same.sql : ordered(same)
}

/** Values with their common type; texts written in the program become what they stand beside. */
export function postgresCommon(args: readonly Typed[]): readonly Typed[] {
  const type = commonOf(args.filter((arg) => !isText(arg)).map((arg) => arg.type))
  const all = type === undefined || type.kind === 'null' ? commonOf(args.map((arg) => arg.type)) : type
  if (all === undefined || all.kind === 'null') return args
  return args.map((arg) => ({ sql: postgresCast(arg, all, false), type: all }))
}

function isText({ sql: of, type }: Typed): boolean {
  return type?.kind === 'string' && of.parts.length === 1 && 'value' in (of.parts[0] ?? {})
}

/** Aggregates and functions of numerics forget how many digits there are, and PostgreSQL computes floats as doubles. */
function typed(of: Sql, type: DataType | undefined): Sql {
  return type?.kind === 'decimal' || type?.kind === 'float' ? sql`cast(${of} as ${typeName(type)})` : of
}

/** PostgreSQL from version 14 on, without extensions. The session's time zone is UTC. */
export const postgresDialect: FrameDialect = {
  name: 'postgres',
  engine: ENGINE,
  nameBytes: 63,
  oneSidedJoins: false,
  fullJoins: false,
  weighsJoinFilters: true,
  samples: false,
  strict: true,
  typeName,
  cast: postgresCast,
  literal: literalSql,
  struct: () => {
    throw unsupported('struct()', ENGINE, 'It has no nameless structs: use columns.')
  },
  member: ({ sql: of, type }, name) => {
    if (type?.kind === 'json') return sql`(${of} -> ${value(name, { kind: 'string' })})`
    throw unsupported(`the member "${name}"`, ENGINE, 'It has no structs and maps: select members before, in DuckDB.')
  },
  ordered,
  form: (definition) => definition.postgres,
  typed,
  convert,
}
