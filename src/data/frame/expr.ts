import { type DataType, formatType, type Json } from '../../base/kernel/index.ts'
import type { Plan } from './plan.ts'
import { printedCall } from './printed-call.ts'
import { printedWindow } from './printed-window.ts'

/**
 * An expression over the columns of a frame, as plain JSON. Functions carry their Spark SQL name; what it means
 * in an engine stands in the function tables (`functions/`).
 */
export type Expr =
  /** A column by the name as written: `amount`, `o.amount` (a frame's alias), `address.city` (a struct's member). */
  | { readonly kind: 'column'; readonly name: string; readonly frame?: string }
  /** Every column, of one alias or of one struct column when `of` is given; with a pattern (Java's) those of such names. */
  | { readonly kind: 'star'; readonly of?: string; readonly pattern?: string }
  /** A constant. `value` is JSON: long and decimal as text, dates and timestamps as ISO text, binary as base64. */
  | { readonly kind: 'literal'; readonly value: Json; readonly type: DataType }
  | {
      readonly kind: 'call'
      readonly fn: string
      readonly args: readonly Expr[]
      readonly distinct?: true
      readonly filter?: Expr
    }
  | { readonly kind: 'cast'; readonly arg: Expr; readonly to: DataType; readonly try?: true }
  /** With `names` those of all the columns that a generator makes; `name` is the first. */
  | {
      readonly kind: 'alias'
      readonly arg: Expr
      readonly name: string
      readonly names?: readonly string[]
      /** What is said of the column beside its type. */
      readonly metadata?: Metadata
    }
  /** A function of an array's elements or a map's entries, as an argument. */
  | { readonly kind: 'lambda'; readonly params: readonly string[]; readonly body: Expr }
  /** A parameter of a lambda around it. */
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'case'; readonly branches: readonly Branch[]; readonly otherwise?: Expr }
  /** The user's own SQL text, with expressions in between (`expr` as a template). */
  | { readonly kind: 'sql'; readonly parts: readonly (string | Expr)[] }
  /** A column of the query around a subquery, where the subquery has none of that name. */
  | { readonly kind: 'outer'; readonly arg: Expr }
  /** One value of one row, whether there are rows, or whether a value is among them. */
  | {
      readonly kind: 'subquery'
      readonly how: 'scalar' | 'exists' | 'in'
      readonly plan: Plan
      /** The value that is looked for. */
      readonly arg?: Expr
    }
  | { readonly kind: 'sort'; readonly arg: Expr; readonly descending: boolean; readonly nullsFirst: boolean }
  | {
      readonly kind: 'over'
      readonly fn: Expr
      readonly partitionBy: readonly Expr[]
      readonly orderBy: readonly Expr[]
      readonly bounds?: WindowBounds
    }

/** What is said of a column beside its type, as `schema()` tells it. */
export type Metadata = Readonly<Record<string, Json>>

export interface Branch {
  readonly when: Expr
  readonly value: Expr
}

/**
 * The rows of a window around the current one; `null` is unbounded, 0 the current row, negative before it. Text is a
 * length of time, for a range of dates or timestamps.
 */
export interface WindowBounds {
  readonly unit: 'rows' | 'range'
  readonly start: number | string | null
  readonly end: number | string | null
}

/** The name a column gets when the user gives none: PySpark's, such as `sum(amount)` or `(a + 1)`. */
export function exprName(expr: Expr): string {
  switch (expr.kind) {
    case 'column':
      return lastPart(expr.name)
    case 'star':
      return `${expr.of === undefined ? '' : `${expr.of}.`}${expr.pattern === undefined ? '*' : `\`${expr.pattern}\``}`
    case 'literal':
      return expr.value === null
        ? 'NULL'
        : typeof expr.value === 'object'
          ? JSON.stringify(expr.value)
          : `${expr.value}`
    case 'alias':
      return expr.name
    case 'cast':
      return `CAST(${exprName(expr.arg)} AS ${formatType(expr.to).toUpperCase()})`
    case 'case':
      return `CASE ${expr.branches.map((b) => `WHEN ${exprName(b.when)} THEN ${exprName(b.value)}`).join(' ')}${
        expr.otherwise ? ` ELSE ${exprName(expr.otherwise)}` : ''
      } END`
    case 'lambda':
      return `lambdafunction(${[exprName(expr.body), ...expr.params.map(() => VARIABLE)].join(', ')})`
    case 'variable':
      return VARIABLE
    case 'sql':
      return expr.parts.map((part) => (typeof part === 'string' ? part : exprName(part))).join('')
    case 'sort':
      return `${exprName(expr.arg)} ${expr.descending ? 'DESC' : 'ASC'} NULLS ${expr.nullsFirst ? 'FIRST' : 'LAST'}`
    case 'outer':
      return `outer(${exprName(expr.arg)})`
    case 'subquery':
      return expr.how === 'in' && expr.arg
        ? `(${exprName(expr.arg)} IN (listquery()))`
        : `${expr.how === 'scalar' ? 'scalarsubquery' : 'exists'}()`
    case 'over':
      return `${exprName(expr.fn)} OVER ${printedWindow(expr, exprName)}`
    case 'call':
      if ((expr.fn === 'add' || expr.fn === 'subtract') && expr.args.filter(isInterval).length === 1) {
        return `${expr.args.map(argumentName).join(expr.fn === 'add' ? ' + ' : ' - ')}`
      }
      return `${callName(expr.fn, expr.args.map(argumentName), expr.distinct === true)}${
        expr.filter ? ` FILTER (WHERE ${exprName(expr.filter)})` : ''
      }`
  }
}

/** The last part of a dotted name; a part in backticks may hold dots. */
function lastPart(name: string): string {
  if (!name.endsWith('`')) return name.slice(name.lastIndexOf('.') + 1)
  return /`((?:[^`]|``)*)`$/.exec(name)?.[1]?.replaceAll('``', '`') ?? name
}

/** An argument in a name: a name of its own stands behind it. */
function argumentName(arg: Expr): string {
  return arg.kind === 'alias' ? `${exprName(arg.arg)} AS ${arg.name}` : exprName(arg)
}

/** Whether an expression is known to be an interval; what it is added to stands without parentheses. */
function isInterval(expr: Expr): boolean {
  return expr.kind === 'call' && /^(try_)?make_(dt_|ym_)?interval$/.test(expr.fn)
}

const VARIABLE = 'namedlambdavariable()'

const INFIX: Record<string, string> = {
  eq: '=', lt: '<', le: '<=', gt: '>', ge: '>=', eq_null_safe: '<=>',
  add: '+', subtract: '-', multiply: '*', divide: '/', mod: '%', div: 'div', and: 'AND', or: 'OR', bitwise_and: '&', bitwise_or: '|',
  bitwise_xor: '^',
} // biome-ignore format: a table

function callName(fn: string, args: readonly string[], distinct: boolean): string {
  const sign = INFIX[fn]
  if (fn === 'ne') return `(NOT (${args[0]} = ${args[1]}))`
  if (sign !== undefined && args.length === 2) return `(${args[0]} ${sign} ${args[1]})`
  if (fn === 'not') return `(NOT ${args[0]})`
  if (fn === 'is_null' || fn === 'isnull') return `(${args[0]} IS NULL)`
  if (fn === 'is_not_null' || fn === 'isnotnull') return `(${args[0]} IS NOT NULL)`
  if (fn === 'get_field') return `${args[0]}.${args[1]}`
  if (fn === 'get_item') return `${args[0]}[${args[1]}]`
  if (fn === 'in') return `(${args[0]} IN (${args.slice(1).join(', ')}))`
  if (fn === 'count' && args.length === 0) return 'count(1)'
  const printed = printedCall(fn, args)
  if (printed !== undefined) return printed
  // User-defined functions of one name are told apart by what follows a #.
  return `${fn.replace(/#\d+$/, '')}(${distinct ? 'DISTINCT ' : ''}${args.join(', ')})`
}
