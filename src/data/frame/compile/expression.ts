import {
  type DataType,
  type Field,
  MillraceError,
  type Place,
  sqlTypeName,
  unreachable,
} from '../../../base/kernel/index.ts'
import { id, join, literal, type Sql, sql, trusted, value } from '../../../base/sql/index.ts'
import { type Expr, exprName, type WindowBounds } from '../expr.ts'
import { fillTemplate } from '../functions/define.ts'
import { functionNamed } from '../functions/index.ts'
import { widest } from '../literal.ts'
import { expandStar, lookUp, type ScopeColumn, type Typed } from './scope.ts'

/** What an expression is compiled against. */
export interface Context {
  readonly scope: readonly ScopeColumn[]
  readonly at: Place | undefined
}

/**
 * An expression as DuckDB SQL, with its type as far as it is known.
 * @throws MillraceError COLUMN_UNKNOWN, COLUMN_AMBIGUOUS, COLUMN_TYPE, FUNCTION_UNKNOWN, FRAME_PLAN_INVALID
 */
export function compileExpr(expr: Expr, context: Context): Typed {
  switch (expr.kind) {
    case 'column':
      return lookUp(context.scope, expr.name, expr.frame, context.at)
    case 'literal':
      return { sql: literalSql(expr.value, expr.type), type: expr.type }
    case 'alias':
      return compileExpr(expr.arg, context)
    case 'cast': {
      const arg = compileExpr(expr.arg, context).sql
      const type = trusted(sqlTypeName(expr.to, 'duckdb'))
      return { sql: expr.try ? sql`try_cast(${arg} as ${type})` : sql`cast(${arg} as ${type})`, type: expr.to }
    }
    case 'case':
      return compileCase(expr, context)
    case 'sql':
      return { sql: sql`(${textSql(expr.parts, context)})`, type: undefined }
    case 'call':
      return compileCall(expr, context)
    case 'over':
      return compileOver(expr, context)
    case 'sort':
      return compileExpr(expr.arg, context)
    case 'star':
      throw new MillraceError('FRAME_PLAN_INVALID', `"${exprName(expr)}" cannot stand here`, {
        hint: 'All columns may be selected, counted, or put into struct(…).',
        ...(context.at ? { at: context.at } : {}),
      })
    default:
      return unreachable(expr)
  }
}

/** One key of an order, `asc` with nulls first when nothing else is said; undefined for a constant, which orders nothing. */
export function compileSortKey(expr: Expr, context: Context): Sql | undefined {
  const { arg, descending, nullsFirst } =
    expr.kind === 'sort' ? expr : { arg: expr, descending: false, nullsFirst: true }
  if (arg.kind === 'literal') return undefined
  const direction = trusted(`${descending ? 'desc' : 'asc'} nulls ${nullsFirst ? 'first' : 'last'}`)
  return sql`${compileExpr(arg, context).sql} ${direction}`
}

/** Whether an expression is a function of a group of rows (in a window it is not). */
export function isAggregate(expr: Expr): boolean {
  switch (expr.kind) {
    case 'call':
      return functionNamed(expr.fn).kind === 'aggregate' || expr.args.some(isAggregate)
    case 'alias':
    case 'cast':
    case 'sort':
      return isAggregate(expr.arg)
    case 'case':
      return (
        expr.branches.some((branch) => isAggregate(branch.when) || isAggregate(branch.value)) ||
        (expr.otherwise !== undefined && isAggregate(expr.otherwise))
      )
    default:
      return false
  }
}

function compileCall(expr: Extract<Expr, { kind: 'call' }>, context: Context, window?: Sql): Typed {
  if (expr.fn === 'struct') return compileStruct(expr.args, context)
  const definition = functionNamed(expr.fn)
  const args = expr.args.flatMap((arg) =>
    arg.kind === 'star' && definition.variadic
      ? expandStar(context.scope, arg.of, context.at).map(typedOf)
      : [compileExpr(arg, context)],
  )
  const types = args.map((arg) => arg.type)
  const wrong = types.find((type) => definition.numeric && type !== undefined && !NUMERIC.has(type.kind))
  if (wrong) {
    throw new MillraceError('COLUMN_TYPE', `${exprName(expr)} needs numbers, and got ${wrong.kind}`, {
      hint: `Convert it first: col('…').cast('double').`,
      ...(context.at ? { at: context.at } : {}),
    })
  }
  const filled = fillTemplate(
    definition.duckdb,
    args.map((arg) => arg.sql),
    types,
  )
  const windowed = window === undefined ? filled : sql`${filled} over ${window}`
  return { sql: definition.finish?.(windowed, types) ?? windowed, type: definition.result.of(types) }
}

const NUMERIC = new Set([
  'null', 'byte', 'short', 'integer', 'long', 'hugeint', 'ubyte', 'ushort', 'uinteger', 'ulong', 'float', 'double', 'decimal', 'boolean',
]) // biome-ignore format: a table

function compileStruct(args: readonly Expr[], context: Context): Typed {
  const members = args.flatMap((arg) =>
    arg.kind === 'star'
      ? expandStar(context.scope, arg.of, context.at).map((column) => ({ name: column.name, ...typedOf(column) }))
      : [{ name: exprName(arg), ...compileExpr(arg, context) }],
  )
  return {
    sql: sql`struct_pack(${join(members.map((member) => sql`${id(member.name)} := ${member.sql}`))})`,
    type: structType(members),
  }
}

/** The struct type of named members. */
function structType(
  members: readonly { readonly name: string; readonly type: DataType | undefined }[],
): DataType | undefined {
  const fields: Field[] = []
  for (const { name, type } of members) {
    if (type === undefined) return undefined
    fields.push({ name, type, nullable: true })
  }
  return { kind: 'struct', fields }
}

function typedOf(column: ScopeColumn): Typed {
  return { sql: column.ref, type: column.type }
}

function compileCase(expr: Extract<Expr, { kind: 'case' }>, context: Context): Typed {
  const branches = expr.branches.map(({ when, value: then }) => ({
    when: compileExpr(when, context).sql,
    value: compileExpr(then, context),
  }))
  const otherwise = expr.otherwise && compileExpr(expr.otherwise, context)
  const whens = join(
    branches.map(({ when, value: then }) => sql`when ${when} then ${then.sql}`),
    ' ',
  )
  return {
    sql: sql`case ${whens}${otherwise ? sql` else ${otherwise.sql}` : trusted('')} end`,
    type: oneType([...branches.map((branch) => branch.value.type), ...(otherwise ? [otherwise.type] : [])]),
  }
}

function oneType(types: readonly (DataType | undefined)[]): DataType | undefined {
  let all: DataType = { kind: 'null' }
  for (const type of types) {
    if (type === undefined || type.kind === 'decimal') return undefined
    try {
      all = widest(all, type)
    } catch {
      return undefined
    }
  }
  return all
}

function textSql(parts: readonly (string | Expr)[], context: Context): Sql {
  const pieces = parts.map((part) => (typeof part === 'string' ? trusted(part) : compileExpr(part, context).sql))
  // A comment at the end would swallow the parenthesis.
  const comment = parts.some((part) => typeof part === 'string' && part.includes('--'))
  return join(comment ? [...pieces, trusted('\n')] : pieces, '')
}

function compileOver(expr: Extract<Expr, { kind: 'over' }>, context: Context): Typed {
  const clauses: Sql[] = []
  if (expr.partitionBy.length > 0) {
    clauses.push(sql`partition by ${join(expr.partitionBy.map((one) => compileExpr(one, context).sql))}`)
  }
  const keys = expr.orderBy.map((one) => compileSortKey(one, context)).filter((key) => key !== undefined)
  if (keys.length > 0) clauses.push(sql`order by ${join(keys)}`)
  if (expr.bounds) clauses.push(boundsSql(expr.bounds))
  const window = sql`(${join(clauses, ' ')})`
  if (expr.fn.kind === 'call' && expr.fn.fn !== 'struct') return compileCall(expr.fn, context, window)
  const fn = compileExpr(expr.fn, context)
  return { sql: sql`${fn.sql} over ${window}`, type: fn.type }
}

function boundsSql({ unit, start, end }: WindowBounds): Sql {
  return sql`${trusted(unit)} between ${boundSql(start, 'preceding')} and ${boundSql(end, 'following')}`
}

function boundSql(offset: number | null, side: 'preceding' | 'following'): Sql {
  if (offset === null) return trusted(`unbounded ${side}`)
  if (offset === 0) return trusted('current row')
  return sql`${literal(Math.abs(offset))} ${trusted(offset < 0 ? 'preceding' : 'following')}`
}

/** A constant as SQL: numbers as text, everything else bound. */
export function literalSql(of: unknown, type: DataType): Sql {
  if (of === null)
    return type.kind === 'null' ? trusted('null') : sql`cast(null as ${trusted(sqlTypeName(type, 'duckdb'))})`
  switch (type.kind) {
    case 'boolean':
    case 'integer':
    case 'double':
      return literal(type.kind === 'boolean' ? of === true : Number(of))
    case 'string':
      return sql`${String(of)}`
    case 'binary':
      return value(Buffer.from(String(of), 'base64'))
    case 'array': {
      const items = join((of as unknown[]).map((item) => literalSql(item, type.element)))
      return type.element.kind === 'null'
        ? sql`[${items}]`
        : sql`cast([${items}] as ${trusted(sqlTypeName(type, 'duckdb'))})`
    }
    case 'struct': {
      const members = of as Record<string, unknown>
      return sql`struct_pack(${join(
        type.fields.map((field) => sql`${id(field.name)} := ${literalSql(members[field.name] ?? null, field.type)}`),
      )})`
    }
    default:
      return value(String(of), type)
  }
}
