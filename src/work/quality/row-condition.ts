import { type Json, MillraceError } from '../../base/kernel/index.ts'
import { join, list, type Sql, sql } from '../../base/sql/index.ts'
import type { Column, Subject } from './expectation.ts'
import { comparable, operand } from './literal.ts'
import { pandasCondition } from './pandas-condition.ts'

/**
 * A `row_condition` as SQL: Great Expectations' text form (`col("status") == "paid"`, `col("a").notNull()`) or the
 * objects of 1.5 and later (comparison, nullity, and, or, pass_through), or what `DataFrame.query` reads. Text for Spark is refused.
 * @throws MillraceError EXPECTATION_INVALID, COLUMN_UNKNOWN
 */
export function rowCondition(condition: Json, parser: Json | undefined, on: Subject): Sql {
  if (typeof condition === 'string') {
    if (parser === 'pandas') return pandasCondition(condition, on)
    if (parser === 'spark') throw refused('a row_condition for spark cannot be computed by the engine')
    return fromText(condition, on)
  }
  const { type, pass_through_filter: filter } = (condition ?? {}) as Record<string, Json>
  if (type === 'pass_through' && typeof filter === 'string') return rowCondition(filter, parser, on)
  return fromObject(condition, on)
}

const TEXT = /^\s*col\(\s*["']([^"']+)["']\s*\)\s*(?:\.\s*(notnull|isnull)\(\s*\)|(==|!=|<=|>=|<|>)\s*(.+?))\s*$/is

function fromText(text: string, on: Subject): Sql {
  const match = TEXT.exec(text)
  if (!match) throw refused(`the row_condition ${JSON.stringify(text)} cannot be read`)
  const [, name = '', nullity, operator, right = ''] = match
  const column = on.column(name)
  if (nullity) return nullity.toLowerCase() === 'isnull' ? sql`${column.sql} is null` : sql`${column.sql} is not null`
  const quoted = /^(?:date\(\s*)?(["'])(.*)\1(?:\s*\))?$/.exec(right)
  const value = quoted ? (quoted[2] ?? '') : Number(right)
  if (typeof value === 'number' && Number.isNaN(value)) {
    throw refused(`the row_condition ${JSON.stringify(text)} compares with neither a number nor a quoted text`)
  }
  return comparison(column, operator ?? '==', value)
}

function fromObject(condition: Json, on: Subject): Sql {
  if (condition === null || typeof condition !== 'object' || Array.isArray(condition)) {
    throw refused('the row_condition is neither text nor an object')
  }
  const { type, column, operator, parameter, conditions, is_null } = condition as Record<string, Json>
  if ((type === 'and' || type === 'or') && Array.isArray(conditions) && conditions.length > 0) {
    const inner = type === 'and' ? 'a condition of type "and"' : 'a condition of type "or"'
    if (conditions.some((part) => (part as { type?: Json } | null)?.type === 'or')) {
      throw refused(`${inner} holds one of type "or", which Great Expectations does not take`)
    }
    const parts = conditions.map((part) => fromObject(part as Json, on))
    return sql`(${join(parts, type === 'and' ? ' and ' : ' or ')})`
  }
  const { name } = (column ?? {}) as { name?: Json }
  if (typeof name !== 'string') throw refused(`a row_condition of type ${JSON.stringify(type ?? null)} is not known`)
  if (type === 'nullity') {
    return is_null === true ? sql`${on.column(name).sql} is null` : sql`${on.column(name).sql} is not null`
  }
  return comparison(on.column(name), String(operator), parameter ?? null)
}

function comparison(column: Column, operator: string, value: Json): Sql {
  const left = operand(column)
  if (operator === 'IN' || operator === 'NOT_IN' || operator === 'NOT IN') {
    const values = (Array.isArray(value) ? value : [value]).map((item) => literal(column, item))
    return operator === 'IN' ? sql`${left} in ${list(values)}` : unequal(column, sql`${left} not in ${list(values)}`)
  }
  const right = literal(column, value)
  switch (operator) {
    case '==':
      return sql`${left} = ${right}`
    case '!=':
      return unequal(column, sql`${left} <> ${right}`)
    case '<':
      return sql`${left} < ${right}`
    case '<=':
      return sql`${left} <= ${right}`
    case '>':
      return sql`${left} > ${right}`
    case '>=':
      return sql`${left} >= ${right}`
    default:
      throw refused(`the operator "${operator}" of a row_condition is not known`)
  }
}

/** In pandas, which reads files, a missing value is unlike every value; in the tables of a database it is unknown. */
function unequal(column: Column, condition: Sql): Sql {
  return column.dialect === 'duckdb' ? sql`coalesce(${condition}, true)` : condition
}

function literal(column: Column, value: Json): Sql {
  const found = comparable(column, value)
  if (found) return found
  throw refused(`the row_condition compares "${column.name}" (${column.type.kind}) with ${JSON.stringify(value)}`)
}

function refused(what: string): MillraceError {
  return new MillraceError('EXPECTATION_INVALID', what, {
    hint: 'Write col("status") == "paid", col("status").notNull(), or condition objects of Great Expectations 1.5.',
  })
}
