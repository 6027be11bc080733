import { type DataType, formatType, MillraceError } from '../../../base/kernel/index.ts'
import { join, list, type Sql, sql, trusted } from '../../../base/sql/index.ts'
import { unified } from '../compile/unified.ts'
import { constantOf } from '../dialect/constant.ts'
import { duckDbDialect } from '../dialect/duckdb.ts'
import { postgresCommon } from '../dialect/postgres.ts'
import { postgresRegex } from '../dialect/postgres-regex.ts'
import { takesBeside } from './beside-null.ts'
import { ITEMS } from './collection/collection-item.ts'
import { STRUCT_CHANGES } from './collection/struct.ts'
import { type Call, define, everywhere, type FunctionDefinition, type Template, type TemplateArgs } from './define.ts'
import { ARITHMETIC } from './math/arithmetic.ts'
import { TAKES } from './math/held-decimal.ts'
import { INTEGRAL_DIVISION } from './math/integral-division.ts'
import { raised, takes, wantedAs } from './math/math-argument.ts'
import { BOOLEAN, COMMON, type ResultType, STRING } from './result-type.ts'
import { postgresSubstring, sparkSubstring } from './string/substring.ts'

/** A regular expression at work in PostgreSQL. */
function matches([of, pattern]: TemplateArgs, _types: unknown, call: Call): Sql {
  return sql`(${of} ~ ${postgresRegex(pattern, 'match', call)})`
}

const COMPARES = { held: TAKES } as const

/** A pattern that has no backslash, by which a character stands for itself, is matched faster by DuckDB. */
function likeness(how: 'like' | 'ilike'): Template {
  return takes(['string'], ([of, pattern]) => {
    const constant = constantOf(pattern)
    const plain = sql`${of} ${trusted(how)} ${pattern}`
    if (typeof constant === 'string' && !constant.includes('\\')) return sql`(${plain})`
    const wrong = raised('INVALID_FORMAT', 'A backslash in a pattern stands before %, _ or a backslash')
    const escaped = sql`(${plain} escape '\\')`
    return sql`case when regexp_matches(${pattern}, '^([^\\\\]|\\\\[%_\\\\])*\\\\([^%_\\\\]|$)') and ${of} is not null then ${wrong} else ${escaped} end`
  })
}

const NEGATED: ResultType<unknown> = { of: ([type]) => (type?.kind === 'string' ? { kind: 'double' } : type) }

/** With the other sign. Of decimals of more than 34 digits Spark keeps 34 (its decimals have `MathContext.DECIMAL128`). */
const negated: Template = ([of], [type]) => {
  if (type?.kind === 'string') return sql`(- ${wantedAs(of, type, 'number')})`
  if (type?.kind !== 'decimal' || type.precision <= 34) return sql`(- ${of})`
  const { precision, scale } = type
  const name = trusted(`decimal(${precision},${scale})`)
  const whens = Array.from({ length: precision - 34 }, (_, i) => {
    const more = precision - 34 - i
    const digits = `1${'0'.repeat(33 + more)}`.padStart(scale + 1, '0')
    const least = trusted(`cast('${digits.slice(0, digits.length - scale)}.${digits.slice(digits.length - scale)}' as `)
    return sql`when abs(${of}) >= ${least}${name}) then cast(round(${of}, ${trusted(String(scale - more))}) as ${name})`
  })
  // What is rounded up to 39 digits is none.
  const nines = `${'9'.repeat(34)}5`.padEnd(precision, '0').padStart(scale + 1, '0')
  const most = trusted(`cast('${nines.slice(0, nines.length - scale)}.${nines.slice(nines.length - scale)}' as `)
  const over = raised('NUMERIC_VALUE_OUT_OF_RANGE', 'The number does not fit into its decimal')
  return sql`(- case when abs(${of}) >= ${most}${name}) then ${over} ${join(whens, ' ')} else ${of} end)`
}

const compared = (sign: string, letter: 'k' | 'v') => takesBeside((left, right) => `(${left} ${sign} ${right})`, letter)
const ordered = (sign: string) => ({ duckdb: compared(sign, 'k'), postgres: `($v1 ${sign} $v2)` })

/** What the methods of `Column` build. */
export const OPERATORS: readonly FunctionDefinition[] = [
  define('eq', { duckdb: compared('=', 'v'), postgres: '($u1 = $u2)' }, BOOLEAN, COMPARES),
  define('ne', { duckdb: compared('<>', 'v'), postgres: '($u1 <> $u2)' }, BOOLEAN, COMPARES),
  define('lt', ordered('<'), BOOLEAN, COMPARES),
  define('le', ordered('<='), BOOLEAN, COMPARES),
  define('gt', ordered('>'), BOOLEAN, COMPARES),
  define('ge', ordered('>='), BOOLEAN, COMPARES),
  define('eq_null_safe', everywhere('($u1 is not distinct from $u2)'), BOOLEAN),
  define('and', everywhere('($1 and $2)'), BOOLEAN),
  define('or', everywhere('($1 or $2)'), BOOLEAN),
  define('not', everywhere('(not $1)'), BOOLEAN),
  define('is_null', everywhere('($1 is null)'), BOOLEAN),
  define('is_not_null', everywhere('($1 is not null)'), BOOLEAN),
  ...ARITHMETIC,
  INTEGRAL_DIVISION,
  define('negative', { duckdb: negated, postgres: '(- $1)' }, NEGATED),
  bitsOf('bitwise_and', '($u1 & $u2)'),
  bitsOf('bitwise_or', '($u1 | $u2)'),
  bitsOf('bitwise_xor', 'xor($u1, $u2)', '($u1 # $u2)'),
  // A backslash makes the next character a plain one, in PostgreSQL too.
  define('like', { duckdb: likeness('like'), postgres: '($t1 like $t2)' }, BOOLEAN),
  define('ilike', { duckdb: likeness('ilike'), postgres: '($t1 ilike $t2)' }, BOOLEAN),
  define('rlike', { duckdb: 'regexp_matches($1, $2)', postgres: matches }, BOOLEAN),
  define('contains', { duckdb: 'contains($1, $2)', postgres: '(strpos($t1, $t2) > 0)' }, BOOLEAN),
  define('startswith', { duckdb: 'starts_with($1, $2)', postgres: 'starts_with($t1, $t2)' }, BOOLEAN),
  define('endswith', { duckdb: 'ends_with($1, $2)', postgres: '(right($t1, length($t2)) = $t2)' }, BOOLEAN),
  define('substring', { duckdb: sparkSubstring, postgres: postgresSubstring }, STRING),
  ...ITEMS,
  ...STRUCT_CHANGES,
  define('in', { duckdb: duckDbIn, postgres: postgresIn }, BOOLEAN),
]

const BITS = new Set(['byte', 'short', 'integer', 'long', 'string', 'null'])

/** An operator on the bits of two whole numbers; a text is read as one. */
function bitsOf(name: string, duckdb: string, postgres = duckdb): FunctionDefinition {
  const checked =
    (form: string): Template =>
    (_args, types) => {
      const wrong = types.find((type) => type && !BITS.has(type.kind))
      if (!wrong) return form
      throw new MillraceError('COLUMN_TYPE', `the bits of ${formatType(wrong)} cannot be computed with`, {
        hint: "Cast it to a whole number first: col('…').cast('int').",
      })
    }
  return define(name, { duckdb: checked(duckdb), postgres: checked(postgres) }, COMMON)
}

function inList(of: Sql, values: readonly Sql[]): Sql {
  // Nothing is in an empty list, not even null.
  if (values.length === 0) return sql`(${of} is null and false)`
  return sql`(${of} in ${list(values)})`
}

function duckDbIn([of, ...values]: TemplateArgs, types: readonly (DataType | undefined)[]): Sql {
  const all = [of, ...values].map((one, i) => ({ sql: one, type: types[i] }))
  const [first = of, ...rest] = unified(all, duckDbDialect).map((one) => one.sql)
  // Where the first is null, no text is read for the others.
  const items = rest.map((item, i) =>
    types[0]?.kind !== 'string' &&
    types[i + 1]?.kind === 'string' &&
    constantOf(item) === undefined &&
    item !== values[i] &&
    constantOf(values[i]) === undefined
      ? sql`case when ${of} is not null then ${item} end`
      : item,
  )
  return inList(first, items)
}

function postgresIn([of, ...values]: TemplateArgs, [type, ...types]: readonly (DataType | undefined)[]): Sql {
  const all = [type, ...types].map((one, i) => ({ sql: [of, ...values][i] ?? of, type: one }))
  const [first, ...rest] = postgresCommon(all).map((one) => one.sql)
  return inList(first ?? of, rest)
}
