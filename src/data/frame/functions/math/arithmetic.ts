import { type DataType, MillraceError } from '../../../../base/kernel/index.ts'
import { type Sql, sql, trusted } from '../../../../base/sql/index.ts'
import { constantOf } from '../../dialect/constant.ts'
import { duckDbDialect } from '../../dialect/duckdb.ts'
import { shiftedDate, shiftedType } from '../date/interval.ts'
import { define, type FunctionDefinition, type Template } from '../define.ts'
import { arithmetic, decimalOf, type ResultType } from '../result-type.ts'
import { decimalOperation, dividedDecimals } from './decimal.ts'
import { heldProduct, heldSum, TAKES } from './held-decimal.ts'
import { raised, wantedAs } from './math-argument.ts'
import { remainder } from './remainder.ts'

// Spark's arithmetic in ANSI mode (its reference, "ANSI Compliance"): operands are brought to one type, whole numbers
// fail when they overflow, and dividing by zero fails also for doubles.

const WHOLE = new Set(['byte', 'short', 'integer', 'long'])
const FLOATING = new Set(['float', 'double'])

/** The type of which both operands of an operation are, when one of them is text or a floating-point number. */
function floated(a: DataType, b: DataType): DataType | undefined {
  if (a.kind === 'string' || b.kind === 'string') {
    const other = a.kind === 'string' ? b : a
    if (WHOLE.has(other.kind)) return { kind: 'long' }
    return FLOATING.has(other.kind) || ['decimal', 'string', 'null'].includes(other.kind)
      ? { kind: 'double' }
      : undefined
  }
  if (!FLOATING.has(a.kind) && !FLOATING.has(b.kind)) return undefined
  if (a.kind === b.kind) return a
  if (a.kind === 'null') return b
  if (b.kind === 'null') return a
  // A float holds whole numbers up to 16,777,216 only.
  return [a, b].every(({ kind }) => FLOATING.has(kind) || WHOLE.has(kind) || kind === 'decimal')
    ? { kind: 'double' }
    : undefined
}

/** The type of a sum, product or remainder of two numbers, or of a number and a text. */
export function resultOf(operation: 'add' | 'multiply' | 'mod'): ResultType<unknown> {
  const others = arithmetic(operation)
  return { of: ([a, b], args) => (a && b && floated(a, b)) ?? shiftedType([a, b]) ?? others.of([a, b], args) }
}

/** The type of a quotient: a decimal or a double. */
export const QUOTIENTS: ResultType<unknown> = {
  of: (types, args) => decimalOf('divide', types, args) ?? { kind: 'double' },
}

/**
 * Both operands as what the operation is computed in; other types (decimals, dates, intervals) are DuckDB's matter.
 * Spark takes the operand `after` second, and not at all where the first is null: a text is not read there.
 */
export function operands(
  args: readonly Sql[],
  types: readonly (DataType | undefined)[],
  to: DataType | undefined,
  after: 0 | 1 = 1,
): Sql[] {
  if (types[0]?.kind === 'string' && types[1]?.kind === 'string') {
    throw new MillraceError('COLUMN_TYPE', 'texts cannot be computed with each other', {
      hint: "Convert one first, by col('…').cast('double'), or join texts with concat().",
    })
  }
  const widened = to !== undefined && (WHOLE.has(to.kind) || FLOATING.has(to.kind))
  if (!widened) return [...args]
  // A constant takes the type of what it is computed with, so one operand of the right type is enough.
  const decided = args.some((arg, i) => types[i]?.kind === to.kind && constantOf(arg) === undefined)
  return args.map((arg, i) => {
    const type = types[i]
    if (type?.kind === to.kind && (decided || !WHOLE.has(to.kind))) return arg
    if (decided && WHOLE.has(type?.kind ?? '') && constantOf(arg) !== undefined) return arg
    if (type?.kind === 'string') {
      const number = readNumber(arg, type, types[1 - i], to)
      const other = args[1 - i] ?? trusted('null')
      return i === after && constantOf(other) === undefined
        ? sql`case when ${other} is not null then ${number} end`
        : number
    }
    return sql`cast(${arg} as ${duckDbDialect.typeName(to)})`
  })
}

/** A text as the number that it is computed with; beside a whole number it must be one, also where it is divided. */
function readNumber(of: Sql, type: DataType, other: DataType | undefined, to: DataType): Sql {
  if (!WHOLE.has(other?.kind ?? '')) return wantedAs(of, type, 'double')
  const whole = wantedAs(of, type, 'long')
  return to.kind === 'long' ? whole : sql`cast(${whole} as double)`
}

function operation(sign: '+' | '-' | '*'): Template {
  return (args, types, call) => {
    const exact = decimalOperation(sign, args, types, call.type) ?? shiftedDate(sign, args, types)
    if (exact) return exact
    const [left, right] = operands(args, types, call.type)
    return sql`(${left ?? args[0]} ${trusted(sign)} ${right ?? args[1]})`
  }
}

/** A divisor whose remainder is the same: of the least number by -1 DuckDB has none, and of any number by 1 it is 0. */
function notMinusOne(of: Sql): Sql {
  const constant = constantOf(of)
  if (typeof constant === 'number' && constant !== -1) return of
  return sql`case when ${of} = -1 then 1 else ${of} end`
}

/** A division that fails where the divisor is 0 and the dividend is not null. */
function divided(sign: '/' | '%', fails: Sql): Template {
  return (args, types, call) => {
    const to = sign === '/' && types.every((type) => type !== undefined && WHOLE.has(type.kind)) ? undefined : call.type
    const [left = args[0], right = args[1]] = operands(args, types, to, 0)
    const exact =
      sign === '/' ? dividedDecimals(args, types, call.type) : decimalOperation(sign, args, types, call.type)
    const whole = sign === '%' && WHOLE.has(to?.kind ?? '')
    const value = exact ?? sql`(${left} ${trusted(sign)} ${whole ? notMinusOne(right) : right})`
    const constant = constantOf(args[1])
    if (typeof constant === 'number' && constant !== 0) return value
    return sql`case when ${right} = 0 and ${left} is not null then ${fails} else ${value} end`
  }
}

const BY_ZERO = raised('DIVIDE_BY_ZERO', 'Division by zero. Use try_divide to get NULL instead')
const REMAINDER = raised('REMAINDER_BY_ZERO', 'Remainder by zero. Use try_mod to get NULL instead')

const days: Template = ([a, b], [one, two]) =>
  one?.kind === 'date' && two?.kind === 'date' ? sql`cast(${a} - ${b} as bigint)` : sql`(${a} - ${b})`

/** The operators `+`, `-`, `*`, `/` and `%`. */
export const ARITHMETIC: readonly FunctionDefinition[] = [
  define('add', { duckdb: operation('+'), postgres: '($1 + $2)' }, resultOf('add'), { held: heldSum('+') }),
  define('subtract', { duckdb: operation('-'), postgres: days }, resultOf('add'), { held: heldSum('-') }),
  define('multiply', { duckdb: operation('*'), postgres: '($1 * $2)' }, resultOf('multiply'), { held: heldProduct }),
  define('divide', { duckdb: divided('/', BY_ZERO), postgres: '($f1 / $f2)' }, QUOTIENTS, { held: TAKES }),
  define('mod', { duckdb: divided('%', REMAINDER), postgres: remainder('($1 % $2)') }, resultOf('mod')),
]
