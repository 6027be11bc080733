import { type DataType, formatType, MillraceError } from '../../../../base/kernel/index.ts'
import { type Sql, sql, trusted } from '../../../../base/sql/index.ts'
import { Column, named } from '../../column.ts'
import type { Argument, ColumnOrName, NamesOf } from '../../column-types.ts'
import type { Typed } from '../../compile/scope.ts'
import { constantOf } from '../../dialect/constant.ts'
import { duckDbDialect } from '../../dialect/duckdb.ts'
import type { Takes } from '../argument-kind.ts'
import { clockOfText, dateOfText } from '../date/date-text.ts'
import {
  define,
  type Form,
  type Forms,
  fillTemplate,
  type Given,
  type GivenNeeds,
  type More,
  type Template,
  type TemplateArgs,
} from '../define.ts'
import type { ResultType } from '../result-type.ts'

/** A column, its name, or a number, as PySpark's mathematical functions take them. */
export type NumberOrColumn = ColumnOrName | number | bigint

/** What an argument has to be; Spark converts what is not (ANSI implicit casts), and refuses what cannot be. */
export type Wanted =
  | 'double'
  | 'long'
  | 'integer'
  | 'whole'
  | 'shifted'
  | 'number'
  | 'string'
  | 'binary'
  | 'boolean'
  | 'date'
  | 'timestamp'
  | 'wall'
  | 'clock'
  | 'days'
  | 'ordered'
  | 'any'

export const WHOLE: Readonly<Record<string, number>> = { byte: 8, short: 16, integer: 32, long: 64 }
const NUMBERS = [
  'byte',
  'short',
  'integer',
  'long',
  'float',
  'double',
  'decimal',
  'hugeint',
  'ubyte',
  'ushort',
  'uinteger',
  'ulong',
]
const DAYS = ['date', 'timestamp', 'timestamp_ntz']
const NESTED = ['array', 'map', 'struct', 'interval']

function fits(kind: string, wanted: Wanted): boolean {
  if (kind === 'null') return true
  switch (wanted) {
    case 'double':
    case 'long':
    case 'integer':
    case 'number':
    case 'shifted':
      return NUMBERS.includes(kind) || kind === 'string'
    case 'whole':
      return kind in WHOLE
    case 'date':
    case 'timestamp':
    case 'wall':
      return DAYS.includes(kind) || kind === 'string'
    case 'clock':
      return DAYS.includes(kind) || kind === 'string' || kind === 'time'
    case 'days':
      return ['byte', 'short', 'integer', 'string'].includes(kind)
    case 'string':
      return !NESTED.includes(kind)
    case 'binary':
      return kind === 'binary' || kind === 'string'
    case 'boolean':
      return kind === 'boolean' || kind === 'string'
    case 'ordered':
      return kind !== 'map'
    case 'any':
      return true
  }
}

/** The type an argument is converted to; its own when it is one of those wanted. */
function target(type: DataType | undefined, wanted: Wanted): DataType | undefined {
  if (type && type.kind !== 'null' && type.kind !== 'string') {
    if (wanted === 'number' || wanted === 'whole') return type
  }
  switch (wanted) {
    case 'any':
    case 'ordered':
      return type
    case 'number':
      return type && { kind: 'double' }
    case 'whole':
      return type && { kind: 'integer' }
    case 'shifted':
      return { kind: type?.kind === 'long' ? 'long' : 'integer' }
    case 'days':
      return { kind: 'integer' }
    case 'wall':
    case 'clock':
      return { kind: 'timestamp_ntz' }
    default:
      return { kind: wanted }
  }
}

/**
 * An argument as what it has to be in DuckDB.
 * @throws MillraceError COLUMN_TYPE when its type is known and cannot be
 */
export function wantedAs(of: Sql, type: DataType | undefined, wanted: Wanted): Sql {
  if (type && !fits(type.kind, wanted)) {
    throw new MillraceError('COLUMN_TYPE', `an argument must be ${NAMES[wanted]}, and is ${formatType(type)}`, {
      hint: `Convert it first, by col('…').cast('…'), where that is what you mean.`,
    })
  }
  if (wanted === 'wall' || wanted === 'clock') return type?.kind === 'time' ? of : wallClock(of, type)
  if (wanted === 'date' && type?.kind === 'string') return dateOfText(of, 'fail')
  if (wanted === 'timestamp' && type?.kind === 'string') return moment(clockOfText(of, 'timestamp', 'fail'))
  if (wanted === 'date' && type?.kind === 'timestamp') return sql`cast(${wallClock(of, type)} as date)`
  if (wanted === 'timestamp' && (type?.kind === 'timestamp_ntz' || type?.kind === 'date')) return moment(of)
  const to = target(type, wanted)
  if (to === undefined || (type?.kind === to.kind && type.kind !== 'decimal') || to === type) return of
  return duckDbDialect.cast({ sql: of, type }, to, false)
}

const NAMES: Readonly<Record<Wanted, string>> = {
  double: 'a number',
  long: 'a number',
  integer: 'a number',
  number: 'a number',
  whole: 'a whole number',
  shifted: 'a number',
  string: 'a text',
  binary: 'binary',
  boolean: 'a boolean',
  date: 'a date',
  timestamp: 'a timestamp',
  wall: 'a timestamp',
  clock: 'a timestamp or a time',
  days: 'a number of days (int)',
  ordered: 'of a type that has an order',
  any: 'anything',
}

/**
 * What a clock in UTC, the zone of every session, shows at a moment: a timestamp without zone. By its microseconds,
 * which costs a thirtieth of the cast, for which DuckDB would ask its tables of time zones.
 */
export function wallClock(of: Sql, type: DataType | undefined): Sql {
  switch (type?.kind) {
    case 'timestamp_ntz':
      return of
    case 'date':
      return sql`cast(${of} as timestamp)`
    case 'timestamp':
      return sql`make_timestamp(epoch_us(${of}))`
    case 'string':
      return clockOfText(of, 'timestamp', 'fail')
    default:
      return sql`make_timestamp(epoch_us(${duckDbDialect.cast({ sql: of, type }, { kind: 'timestamp' }, false)}))`
  }
}

/** The moment at which a clock in UTC shows a timestamp without zone, or a date begins. */
export function moment(of: Sql): Sql {
  return sql`make_timestamptz(epoch_us(${of}))`
}

/** Arguments as what a function wants, with the types that they have then. @throws MillraceError COLUMN_TYPE */
export function allWanted(args: readonly Typed[], wanted: readonly Wanted[]): readonly Typed[] {
  return args.map((arg, i) => {
    const one = wanted[Math.min(i, wanted.length - 1)] ?? 'any'
    if (arg.type === undefined || arg.type.kind === 'null' || arg.held) return arg
    if (arg.type.kind === 'timestamp' && (one === 'number' || one === 'double')) {
      const seconds = { kind: 'double' } as const
      return { sql: duckDbDialect.cast(arg, seconds, false), type: seconds }
    }
    const of = wantedAs(arg.sql, arg.type, one)
    return of === arg.sql ? arg : { sql: of, type: target(arg.type, one) }
  })
}

/** A form of DuckDB whose arguments were converted first; the last of `wanted` holds for all that follow. It is told the types they had before. */
export function takes(wanted: readonly Wanted[], form: Template): Form {
  return (args, types, call) => {
    const ready = args.map((arg, i) => wantedAs(arg, types[i], wanted[Math.min(i, wanted.length - 1)] ?? 'any'))
    const made = typeof form === 'function' ? form(ready as readonly Sql[] as TemplateArgs, types, call) : form
    if (typeof made !== 'string') return made
    return fillTemplate(made, ready, call.over, (_letter, arg) => arg)
  }
}

/** A function of two columns, each of which may also be a number. */
export function pair<const F extends string, R>(name: F, forms: Forms, result: ResultType<R>, more: More = {}) {
  const build = <const A extends NumberOrColumn, const B extends NumberOrColumn>(
    left: A & (Argument<Takes<F>> | number),
    right: B & (Argument<Takes<F>> | number),
  ): Column<Given<R, A, F>, string, NamesOf<A> | NamesOf<B>, GivenNeeds<A, F> & GivenNeeds<B, F>> =>
    new Column({ kind: 'call', fn: name, args: [named(left), named(right)] })
  return Object.assign(build, { definition: define(name, forms, result, more) })
}

/** A constant whole number that an argument was made of; undefined when it is computed. */
export function wholeConstant(of: Sql | undefined): number | undefined {
  const found = constantOf(of)
  if (typeof found === 'number' && Number.isInteger(found)) return found
  return typeof found === 'string' && /^[+-]?\d{1,15}$/.test(found) ? Number(found) : undefined
}

/** A run-time error of Spark's class. */
export function raised(errorClass: string, text: string): Sql {
  return sql`error(${trusted(`'[${errorClass}] ${text.replaceAll("'", "''")}'`)})`
}
