import { type DataType, sqlTypeName, unreachable } from '../../../../base/kernel/index.ts'
import { join, literal, type Sql, sql, trusted } from '../../../../base/sql/index.ts'
import type { BinaryOperator, Expression } from './expression.ts'
import { FUNCTIONS } from './functions.ts'
import { unsupported } from './tokens.ts'

/** What a column stands for; throws for one that is unknown. */
export type Resolve = (path: readonly string[]) => Sql

/**
 * An expression as SQL of DuckDB, so that it means what it means in Spark.
 * @param text as the user wrote it, for messages
 * @throws MillraceError DELTA_EXPRESSION_UNSUPPORTED naming the function, and what `resolve` throws
 */
export function expressionSql(expression: Expression, resolve: Resolve, text: string): Sql {
  const of = (one: Expression): Sql => expressionSql(one, resolve, text)
  switch (expression.kind) {
    case 'column':
      return resolve(expression.path)
    case 'literal':
      return literalSql(expression.value, expression.type)
    case 'not':
      return sql`(not ${of(expression.arg)})`
    case 'negative':
      return sql`(- ${of(expression.arg)})`
    case 'binary':
      return sql`(${of(expression.left)} ${operator(expression.op)} ${of(expression.right)})`
    case 'is':
      return sql`(${of(expression.arg)} is ${trusted(expression.what)})`
    case 'in':
      if (expression.items.length === 0) throw unsupported(text, 'IN needs values')
      return sql`(${of(expression.arg)} in (${join(expression.items.map(of))}))`
    case 'like':
      return like(expression.op, of(expression.arg), of(expression.pattern))
    case 'case': {
      const { operand, branches, otherwise } = expression
      const whens = branches.map(({ when, value }) => sql`when ${of(when)} then ${of(value)}`)
      const subject = operand ? sql`${of(operand)} ` : sql``
      return sql`case ${subject}${join(whens, ' ')}${otherwise ? sql` else ${of(otherwise)}` : sql``} end`
    }
    case 'cast':
      return castSql(of(expression.arg), expression.to, expression.tries)
    case 'call': {
      const { name, args } = expression
      const found = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name]?.(args.map(of), args) : undefined
      if (found) return found
      throw unsupported(
        text,
        `the function ${name} with ${args.length} argument${args.length === 1 ? '' : 's'} is not translated`,
      )
    }
    default:
      return unreachable(expression)
  }
}

function operator(op: BinaryOperator): Sql {
  switch (op) {
    case '<=>':
      return sql`is not distinct from`
    case 'div':
      return sql`//`
    default:
      return trusted(op)
  }
}

function like(op: 'like' | 'ilike' | 'rlike', arg: Sql, pattern: Sql): Sql {
  if (op === 'rlike') return sql`regexp_matches(${arg}, ${pattern})`
  const escaping = literal('\\')
  return op === 'like'
    ? sql`(${arg} like ${pattern} escape ${escaping})`
    : sql`(${arg} ilike ${pattern} escape ${escaping})`
}

const WHOLE: ReadonlySet<string> = new Set(['byte', 'short', 'integer', 'long'])

function castSql(arg: Sql, to: DataType, tries: boolean): Sql {
  const name = trusted(sqlTypeName(to, 'duckdb'))
  const cast = (of: Sql) => (tries ? sql`try_cast(${of} as ${name})` : sql`cast(${of} as ${name})`)
  // Spark cuts fractions off, DuckDB rounds them.
  return WHOLE.has(to.kind)
    ? sql`case when typeof(${arg}) in ('DOUBLE', 'FLOAT') or typeof(${arg}) like 'DECIMAL%' then ${cast(sql`trunc(try_cast(${arg} as double))`)} else ${cast(arg)} end`
    : cast(arg)
}

function literalSql(value: string | boolean | null, type: DataType): Sql {
  if (value === null) return sql`null`
  if (typeof value === 'boolean' || type.kind === 'string') return literal(value)
  return literal(value, type)
}
