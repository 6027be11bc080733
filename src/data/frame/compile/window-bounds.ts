import { formatType, MillraceError, type Place } from '../../../base/kernel/index.ts'
import { literal, type Sql, sql, trusted } from '../../../base/sql/index.ts'
import type { FrameDialect } from '../dialect/frame-dialect.ts'
import type { WindowBounds } from '../expr.ts'
import { wallClock } from '../functions/math/math-argument.ts'
import { spanOf } from '../range-bound.ts'
import type { Typed } from './scope.ts'

/** The bounds of a window, and its one order key where they are counted in values of that. */
export interface CompiledBounds {
  readonly sql: Sql
  /** The key in the form that the offsets are added to. */
  readonly key?: Sql
}

type Offset = WindowBounds['start']

/**
 * The bounds of a window. Those in values go by the one key of its order: numbers for numbers, a length of time for
 * dates and timestamps.
 * @throws MillraceError FRAME_PLAN_INVALID, COLUMN_TYPE, OPTION_INVALID
 */
export function compileBounds(
  bounds: WindowBounds,
  keys: readonly Typed[],
  dialect: FrameDialect,
  at: Place | undefined,
): CompiledBounds {
  const { unit, start, end } = bounds
  const fail = (message: string, hint: string, code: 'FRAME_PLAN_INVALID' | 'COLUMN_TYPE' = 'FRAME_PLAN_INVALID') =>
    new MillraceError(code, message, { hint, ...(at ? { at } : {}) })
  if (isAfter(start, end)) {
    throw fail(`a window from ${start} to ${end} has no rows`, 'Its start lies before its end, or is equal.')
  }
  const between = (written: (size: number | string) => Sql): Sql =>
    sql`${trusted(unit)} between ${bound(start, 'preceding', written)} and ${bound(end, 'following', written)}`
  const given = [start, end].filter((offset): offset is number | string => offset !== null && offset !== 0)
  if (unit === 'rows' || given.length === 0) return { sql: between((size) => literal(Number(size))) }
  const [key] = keys
  if (key === undefined || keys.length > 1) {
    throw fail(
      `a window in values needs an order by one column, and has ${keys.length}`,
      'Order by one column, or count rows with rowsBetween().',
    )
  }
  const form = keyForm(key, given, dialect)
  if (form) return { key: form.key, sql: between(form.offset) }
  throw fail(
    `a window cannot reach ${given.join(' or ')} in values of ${key.type ? formatType(key.type) : 'an unknown type'}`,
    "Give numbers for numbers, and a length of time such as '-7 days' for dates and timestamps.",
    'COLUMN_TYPE',
  )
}

interface KeyForm {
  readonly key: Sql
  offset(size: number | string): Sql
}

/** An order key of the type that offsets are added in, and how they are written; too great a sum fails, as in Spark. */
function keyForm(
  { sql: of, type }: Typed,
  given: readonly (number | string)[],
  dialect: FrameDialect,
): KeyForm | undefined {
  const numbers = given.every((one) => typeof one === 'number')
  const lengths = given.every((one) => typeof one === 'string')
  switch (type?.kind) {
    case 'byte':
    case 'short':
    case 'integer':
    case 'long':
      if (!given.every((one) => Number.isInteger(one))) return undefined
      return { key: of, offset: (size) => sql`cast(${trusted(String(size))} as ${dialect.typeName(type)})` }
    case 'float':
    case 'double':
    case 'decimal': {
      const wide = type.kind === 'decimal' ? ({ ...type, precision: 38 } as const) : ({ kind: 'double' } as const)
      const name = dialect.typeName(wide)
      const offset = (size: number | string) => sql`cast(${trusted(String(size))} as ${name})`
      return numbers ? { key: sql`cast(${of} as ${name})`, offset } : undefined
    }
    case 'date':
      return lengths && given.every((one) => spanOf(String(one)).days)
        ? momentForm(sql`cast(${of} as timestamp)`)
        : undefined
    case 'timestamp_ntz':
      return lengths ? momentForm(of) : undefined
    case 'timestamp':
      return lengths ? momentForm(dialect.strict ? sql`(${of} at time zone 'UTC')` : wallClock(of, type)) : undefined
    default:
      return undefined
  }
}

function momentForm(key: Sql): KeyForm {
  return { key, offset: (size) => sql`interval ${trusted(`'${spanOf(String(size)).text}'`)}` }
}

/** Where an offset leads: before the row, after it, or to it. */
function direction(offset: number | string): number {
  return typeof offset === 'number' ? Math.sign(offset) : spanOf(offset).back ? -1 : 1
}

function isAfter(start: Offset, end: Offset): boolean {
  if (start === null || end === null) return false
  return typeof start === 'number' && typeof end === 'number' ? start > end : direction(start) > direction(end)
}

function bound(offset: Offset, side: 'preceding' | 'following', written: (size: number | string) => Sql): Sql {
  if (offset === null) return trusted(`unbounded ${side}`)
  if (offset === 0) return trusted('current row')
  const size = typeof offset === 'number' ? Math.abs(offset) : offset
  return sql`${written(size)} ${trusted(direction(offset) < 0 ? 'preceding' : 'following')}`
}
