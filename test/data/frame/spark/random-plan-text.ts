import { formatType } from '../../../../src/base/kernel/index.ts'
import type { Expr } from '../../../../src/data/frame/index.ts'

const INFIX: Readonly<Record<string, string>> = {
  eq: '=', ne: '<>', lt: '<', le: '<=', gt: '>', ge: '>=', eq_null_safe: '<=>', add: '+', subtract: '-', multiply: '*',
  divide: '/', mod: '%', and: 'and', or: 'or', like: 'like', ilike: 'ilike', rlike: 'rlike',
} // biome-ignore format: a table

/** An expression as Spark's SQL text; undefined for one that is only built by functions. */
export function sqlTextOf(expr: Expr): string | undefined {
  switch (expr.kind) {
    case 'column':
      return expr.name
    case 'literal':
      return literalText(expr.value, expr.type.kind)
    case 'alias': {
      const of = sqlTextOf(expr.arg)
      return of && `${of} as \`${expr.name}\``
    }
    case 'cast': {
      const of = sqlTextOf(expr.arg)
      return of && `${expr.try ? 'try_cast' : 'cast'}(${of} as ${formatType(expr.to)})`
    }
    case 'call': {
      const args = expr.args.map(sqlTextOf)
      if (args.some((arg) => arg === undefined)) return undefined
      const sign = INFIX[expr.fn]
      if (sign !== undefined) return `(${args[0]} ${sign} ${args[1]})`
      if (expr.fn === 'not') return `(not ${args[0]})`
      if (expr.fn === 'negative') return `(- ${args[0]})`
      if (expr.fn === 'is_null') return `(${args[0]} is null)`
      if (expr.fn === 'is_not_null') return `(${args[0]} is not null)`
      if (expr.fn === 'in') return `(${args[0]} in (${args.slice(1).join(', ')}))`
      if (expr.fn === 'get_item') return `${args[0]}[${args[1]}]`
      return /^(get_field|bitwise_|date_diff)/.test(expr.fn) ? undefined : `${expr.fn}(${args.join(', ')})`
    }
    case 'case': {
      const branches = expr.branches.map(({ when, value }) => [sqlTextOf(when), sqlTextOf(value)])
      const otherwise = expr.otherwise === undefined ? 'null' : sqlTextOf(expr.otherwise)
      if (branches.flat().includes(undefined) || otherwise === undefined) return undefined
      return `case ${branches.map(([when, value]) => `when ${when} then ${value}`).join(' ')}${
        expr.otherwise ? ` else ${otherwise}` : ''
      } end`
    }
    default:
      return undefined
  }
}

function literalText(value: unknown, kind: string): string | undefined {
  if (value === null) return 'null'
  switch (kind) {
    case 'string':
      return `'${String(value).replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
    case 'integer':
    case 'boolean':
      return String(value)
    case 'long':
      return value === '-9223372036854775808' ? undefined : `${value}L`
    case 'double':
      return typeof value === 'number' && !Object.is(value, -0) ? `${value}D` : undefined
    default:
      return undefined
  }
}
