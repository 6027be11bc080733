import { list, type Sql, sql } from '../../../base/sql/index.ts'
import { define, type FunctionDefinition, type TemplateArgs } from './define.ts'
import { BOOLEAN, ELEMENT, type ResultType, SAME, STRING, UNKNOWN } from './result-type.ts'

const WIDER = ['byte', 'short', 'integer', 'long', 'float', 'double']

const ARITHMETIC: ResultType<unknown> = {
  of: ([a, b]) => {
    if (a === undefined || b === undefined) return undefined
    const widest = WIDER[Math.max(WIDER.indexOf(a.kind), WIDER.indexOf(b.kind))]
    const known = WIDER.includes(a.kind) && WIDER.includes(b.kind)
    return known && widest !== undefined ? { kind: widest as 'long' } : undefined
  },
}
const QUOTIENT: ResultType<unknown> = {
  of: ([a, b]) => (a === undefined || b === undefined ? undefined : { kind: 'double' }),
}

function item([of, key]: TemplateArgs, kind: string | undefined, number: boolean): Sql {
  // Spark counts an array's elements from 0, DuckDB from 1.
  if (kind === 'array' || (kind === undefined && number)) return sql`list_extract(${of}, ${key} + 1)`
  return sql`${of}[${key}]`
}

/** What the methods of `Column` build. */
export const OPERATORS: readonly FunctionDefinition[] = [
  define('eq', '($1 = $2)', BOOLEAN),
  define('ne', '($1 <> $2)', BOOLEAN),
  define('lt', '($1 < $2)', BOOLEAN),
  define('le', '($1 <= $2)', BOOLEAN),
  define('gt', '($1 > $2)', BOOLEAN),
  define('ge', '($1 >= $2)', BOOLEAN),
  define('eq_null_safe', '($1 is not distinct from $2)', BOOLEAN),
  define('and', '($1 and $2)', BOOLEAN),
  define('or', '($1 or $2)', BOOLEAN),
  define('not', '(not $1)', BOOLEAN),
  define('is_null', '($1 is null)', BOOLEAN),
  define('is_not_null', '($1 is not null)', BOOLEAN),
  define('add', '($1 + $2)', ARITHMETIC),
  define('subtract', '($1 - $2)', ARITHMETIC),
  define('multiply', '($1 * $2)', ARITHMETIC),
  define('divide', '($1 / nullif($2, 0))', QUOTIENT),
  define('mod', '($1 % nullif($2, 0))', ARITHMETIC),
  define('negative', '(- $1)', SAME),
  define('like', '($1 like $2)', BOOLEAN),
  define('ilike', '($1 ilike $2)', BOOLEAN),
  define('rlike', 'regexp_matches($1, $2)', BOOLEAN),
  define('contains', 'contains($1, $2)', BOOLEAN),
  define('startswith', 'starts_with($1, $2)', BOOLEAN),
  define('endswith', 'ends_with($1, $2)', BOOLEAN),
  define('substring', 'substring($1, $2, $3)', STRING),
  define('get_field', ([of, name]) => sql`struct_extract(${of}, ${name})`, UNKNOWN),
  define('get_item', (args, [of, key]) => item(args, of?.kind, key?.kind === 'integer'), ELEMENT),
  define('in', ([of, ...values]) => inList(of, values), BOOLEAN),
]

function inList(of: Sql, values: readonly Sql[]): Sql {
  if (values.length === 0) return sql`(${of} is null and null)`
  return sql`(${of} in ${list(values)})`
}
