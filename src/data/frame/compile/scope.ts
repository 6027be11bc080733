import { type DataType, MillraceError, type Place, unknownName } from '../../../base/kernel/index.ts'
import { type Sql, sql } from '../../../base/sql/index.ts'
import type { FrameDialect } from '../dialect/frame-dialect.ts'
import type { Metadata } from '../expr.ts'

/** A column that expressions at one point of a plan can use. */
export interface ScopeColumn {
  readonly name: string
  /** How SQL writes it at this point. */
  readonly ref: Sql
  /** Whether `ref` is a mere name, so that it may be written several times at no cost. */
  readonly direct: boolean
  /** Undefined when only the engine knows. */
  readonly type: DataType | undefined
  /** The digits of a decimal in the engine, where they are not those of its type (`held-decimal.ts`). */
  readonly held?: number
  /** The aliases it can be reached by. */
  readonly aliases: readonly string[]
  /** What is said of it beside its type. */
  readonly metadata?: Metadata
  /** The frames (by plan hash) it came through, for `frame.col(name)`. */
  readonly frames: readonly string[]
  /** Where it comes from, for errors: what was read, or the step that computed it. */
  readonly origin?: string
}

export interface Typed {
  readonly sql: Sql
  readonly type: DataType | undefined
  /** The digits of a decimal in the engine, where they are not those of its type (`held-decimal.ts`). */
  readonly held?: number
}

/** A column as a value. */
export function typedOf({ ref, type, held }: ScopeColumn): Typed {
  return held === undefined ? { sql: ref, type } : { sql: ref, type, held }
}

/** A value in the engine's type for its type. */
export function settled({ sql: of, type, held }: Typed, dialect: FrameDialect): Typed {
  return held === undefined || !type ? { sql: of, type } : { sql: sql`cast(${of} as ${dialect.typeName(type)})`, type }
}

/** A column in the engine's type for its type. */
export function settledColumn(column: ScopeColumn, dialect: FrameDialect): ScopeColumn {
  if (column.held === undefined) return column
  const { held: _, ...rest } = column
  return { ...rest, ref: settled(typedOf(column), dialect).sql, direct: false }
}

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()

/**
 * The column, or member of a struct column, of a name as written: `amount`, `o.amount`, `address.city`. Case does
 * not matter, as in Spark and DuckDB.
 * @throws MillraceError COLUMN_UNKNOWN, COLUMN_AMBIGUOUS
 */
export function lookUp(
  scope: readonly ScopeColumn[],
  written: string,
  dialect: FrameDialect,
  frame?: string,
  at?: Place,
): Typed {
  const visible = frame === undefined ? scope : scope.filter((column) => column.frames.includes(frame))
  if (frame !== undefined && visible.length === 0) throw ofOther(scope, written, at)
  const [first = '', ...rest] = pathOf(written)
  const whole = find(visible, [first, ...rest].join('.'), written, at)
  if (whole) return typedOf(whole)
  if (rest.length > 0) {
    const aliased = visible.filter((column) => column.aliases.some((alias) => same(alias, first)))
    const [name = '', ...members] = rest
    const inAlias = find(aliased, name, written, at)
    if (inAlias) return membersOf(typedOf(inAlias), members, written, dialect, at)
    if (aliased.length > 0) {
      const full = aliased.map((column) => ({ ...column, name: `${first}.${column.name}` }))
      throw unknown(full, written, at)
    }
    const struct = find(visible, first, written, at)
    if (struct) return membersOf({ sql: struct.ref, type: struct.type }, rest, written, dialect, at)
  }
  throw unknown(visible, written, at)
}

/** The columns that `*`, `alias.*` or `struct.*` stands for. */
export function expandStar(
  scope: readonly ScopeColumn[],
  of: string | undefined,
  dialect: FrameDialect,
  at?: Place,
): ScopeColumn[] {
  if (of === undefined) return [...scope]
  const aliased = scope.filter((column) => column.aliases.some((alias) => same(alias, of)))
  if (aliased.length > 0) return aliased
  const struct = lookUp(scope, of, dialect, undefined, at)
  if (struct.type?.kind !== 'struct') {
    throw new MillraceError(
      'COLUMN_TYPE',
      `"${of}.*" needs a struct, and "${of}" is ${struct.type?.kind ?? 'unknown'}`,
      {
        hint: 'Name an alias or a struct column whose type is known, or select its members one by one.',
        ...(at ? { at } : {}),
      },
    )
  }
  return struct.type.fields.map((field) => ({
    name: field.name,
    ref: dialect.member(struct, field.name),
    direct: false,
    type: field.type,
    aliases: [],
    frames: [],
  }))
}

function find(
  columns: readonly ScopeColumn[],
  name: string,
  written: string,
  at: Place | undefined,
): ScopeColumn | undefined {
  const exact = columns.filter((column) => column.name === name)
  const found = exact.length > 0 ? exact : columns.filter((column) => same(column.name, name))
  if (found.length <= 1) return found[0]
  const origins = found.map(
    (column) => `"${column.name}" of ${column.aliases[0] ?? column.origin ?? 'an earlier step'}`,
  )
  throw new MillraceError(
    'COLUMN_AMBIGUOUS',
    `the column "${written}" stands for ${found.length} columns: ${origins.join(' and ')}`,
    {
      hint: `Say which: give each side an alias before the join (frame.alias('a')) and write a.${name}, write frame.col('${name}') of one of the frames, or join by the column's name, which keeps it once: .join(other, '${name}').`,
      ...(at ? { at } : {}),
    },
  )
}

function ofOther(columns: readonly ScopeColumn[], written: string, at: Place | undefined): MillraceError {
  const names = columns.map((column) => column.name).join(', ')
  return new MillraceError(
    'COLUMN_UNKNOWN',
    `the column "${written}" is of another frame, which is no part of this one`,
    {
      hint: `Join that frame first, or take a column of this frame by its name alone. There are: ${names}.`,
      ...(at ? { at } : {}),
    },
  )
}

function membersOf(
  of: Typed,
  names: readonly string[],
  written: string,
  dialect: FrameDialect,
  at: Place | undefined,
): Typed {
  let value = of
  for (const name of names) {
    const fields = value.type?.kind === 'struct' ? value.type.fields : undefined
    const field = fields?.find((one) => same(one.name, name))
    if (fields && !field) {
      const names = fields.map((one) => one.name)
      throw unknownName('COLUMN_UNKNOWN', 'the member', written, names, at ? { at } : {})
    }
    if (value.type && !fields && value.type.kind !== 'map' && value.type.kind !== 'json') {
      throw new MillraceError(
        'COLUMN_TYPE',
        `"${written}" looks for a member in a ${value.type.kind}`,
        at ? { at } : {},
      )
    }
    const member = dialect.member(value, field?.name ?? name)
    const type = value.type?.kind === 'map' ? value.type.value : value.type?.kind === 'json' ? value.type : field?.type
    value = { sql: member, type }
  }
  return value
}

function unknown(columns: readonly ScopeColumn[], written: string, at: Place | undefined): MillraceError {
  const names = new Set(columns.map((column) => column.name))
  return unknownName('COLUMN_UNKNOWN', 'the column', written, names, at ? { at } : {})
}

/** The parts of a dotted name; a part in backticks may hold dots. */
function pathOf(written: string): string[] {
  if (!written.includes('`')) return written.split('.')
  return [...written.matchAll(/`((?:[^`]|``)*)`|[^.`]+/g)].map((match) => match[1]?.replaceAll('``', '`') ?? match[0])
}
