import type { DataType } from '../../../base/kernel/index.ts'
import { list, type Sql, sql } from '../../../base/sql/index.ts'
import { unified } from '../compile/unified.ts'
import { duckDbDialect } from '../dialect/duckdb.ts'
import { postgresCommon } from '../dialect/postgres.ts'
import { postgresRegex } from '../dialect/postgres-regex.ts'
import { ARITHMETIC } from './arithmetic.ts'
import { ITEMS } from './collection-item.ts'
import { type Call, define, everywhere, type FunctionDefinition, type TemplateArgs } from './define.ts'
import { TAKES } from './held-decimal.ts'
import { BOOLEAN, SAME, STRING } from './result-type.ts'
import { STRUCT_CHANGES } from './struct.ts'
import { postgresSubstring, sparkSubstring } from './substring.ts'

/** A regular expression at work in PostgreSQL. */
function matches([of, pattern]: TemplateArgs, _types: unknown, call: Call): Sql {
  return sql`(${of} ~ ${postgresRegex(pattern, 'match', call)})`
}

const COMPARES = { held: TAKES } as const

/** What the methods of `Column` build. */
export const OPERATORS: readonly FunctionDefinition[] = [
  define('eq', { duckdb: '($v1 = $v2)', postgres: '($u1 = $u2)' }, BOOLEAN, COMPARES),
  define('ne', { duckdb: '($v1 <> $v2)', postgres: '($u1 <> $u2)' }, BOOLEAN, COMPARES),
  define('lt', everywhere('($v1 < $v2)'), BOOLEAN, COMPARES),
  define('le', everywhere('($v1 <= $v2)'), BOOLEAN, COMPARES),
  define('gt', everywhere('($v1 > $v2)'), BOOLEAN, COMPARES),
  define('ge', everywhere('($v1 >= $v2)'), BOOLEAN, COMPARES),
  define('eq_null_safe', everywhere('($u1 is not distinct from $u2)'), BOOLEAN),
  define('and', everywhere('($1 and $2)'), BOOLEAN),
  define('or', everywhere('($1 or $2)'), BOOLEAN),
  define('not', everywhere('(not $1)'), BOOLEAN),
  define('is_null', everywhere('($1 is null)'), BOOLEAN),
  define('is_not_null', everywhere('($1 is not null)'), BOOLEAN),
  ...ARITHMETIC,
  define('negative', everywhere('(- $1)'), SAME),
  // PostgreSQL's LIKE takes a backslash for an escape unless it is told otherwise.
  define('like', { duckdb: '($1 like $2)', postgres: "($t1 like $t2 escape '')" }, BOOLEAN),
  define('ilike', { duckdb: '($1 ilike $2)', postgres: "($t1 ilike $t2 escape '')" }, BOOLEAN),
  define('rlike', { duckdb: 'regexp_matches($1, $2)', postgres: matches }, BOOLEAN),
  define('contains', { duckdb: 'contains($1, $2)', postgres: '(strpos($t1, $t2) > 0)' }, BOOLEAN),
  define('startswith', { duckdb: 'starts_with($1, $2)', postgres: 'starts_with($t1, $t2)' }, BOOLEAN),
  define('endswith', { duckdb: 'ends_with($1, $2)', postgres: '(right($t1, length($t2)) = $t2)' }, BOOLEAN),
  define('substring', { duckdb: sparkSubstring, postgres: postgresSubstring }, STRING),
  ...ITEMS,
  ...STRUCT_CHANGES,
  define('in', { duckdb: duckDbIn, postgres: postgresIn }, BOOLEAN),
]

function inList(of: Sql, values: readonly Sql[]): Sql {
  if (values.length === 0) return sql`(${of} is null and null)`
  return sql`(${of} in ${list(values)})`
}

function duckDbIn([of, ...values]: TemplateArgs, types: readonly (DataType | undefined)[]): Sql {
  const all = [of, ...values].map((one, i) => ({ sql: one, type: types[i] }))
  const [first, ...rest] = unified(all, duckDbDialect).map((one) => one.sql)
  return inList(first ?? of, rest)
}

function postgresIn([of, ...values]: TemplateArgs, [type, ...types]: readonly (DataType | undefined)[]): Sql {
  const all = [type, ...types].map((one, i) => ({ sql: [of, ...values][i] ?? of, type: one }))
  const [first, ...rest] = postgresCommon(all).map((one) => one.sql)
  return inList(first ?? of, rest)
}
