import { type DataType, type Field, MillraceError, type Place, unreachable } from '../../../base/kernel/index.ts'
import { empty, join, type Sql, sql, trusted } from '../../../base/sql/index.ts'
import { type FrameDialect, type OwnForm, unsupported } from '../dialect/frame-dialect.ts'
import { postgresCommon } from '../dialect/postgres.ts'
import { type Expr, exprName } from '../expr.ts'
import { type Call, type FunctionDefinition, fillTemplate, type TemplateArgs } from '../functions/define.ts'
import { functionNamed } from '../functions/index.ts'
import { heldTogether } from '../functions/math/held-decimal.ts'
import { allWanted } from '../functions/math/math-argument.ts'
import { parametersOf } from '../functions/parameters.ts'
import { commonOf } from '../functions/shared-type.ts'
import type { Plan } from '../plan.ts'
import type { Block } from './block.ts'
import { expandStar, lookUp, type ScopeColumn, settled, type Typed, typedOf } from './scope.ts'
import { compileOuter, compileSubquery } from './subquery.ts'
import { unified } from './unified.ts'
import { compileBounds } from './window-bounds.ts'
import { checkWindow } from './window-rules.ts'

/** What an expression is compiled against. */
export interface Context {
  readonly scope: readonly ScopeColumn[]
  readonly at: Place | undefined
  readonly dialect: FrameDialect
  /** The columns of the query around a subquery. */
  readonly outer?: readonly ScopeColumn[]
  /** Compiles the plan of a subquery at this point. */
  readonly subquery?: (plan: Plan) => Block
  /** What rows are grouped by in sets, for grouping(). */
  readonly groups?: readonly GroupKey[]
  /** The parameters of the lambdas around it, by their names. */
  readonly variables?: ReadonlyMap<string, Typed>
}

/** A key of groups in sets: its expression, and the column it was computed to. */
export interface GroupKey {
  readonly expr: Expr
  readonly ref: Sql
}

/**
 * An expression as SQL of the dialect, with its type as far as it is known.
 * @throws MillraceError COLUMN_UNKNOWN, COLUMN_AMBIGUOUS, COLUMN_TYPE, FUNCTION_UNKNOWN, FRAME_PLAN_INVALID, ENGINE_UNSUPPORTED
 */
export function compileExpr(expr: Expr, context: Context): Typed {
  return settled(compileHeld(expr, context), context.dialect)
}

/** The same, with a decimal as the engine holds it: for what only looks at its value, or settles it later. */
export function compileHeld(expr: Expr, context: Context): Typed {
  const { dialect } = context
  switch (expr.kind) {
    case 'column':
      return lookUp(context.scope, expr.name, dialect, expr.frame, context.at)
    case 'literal':
      return { sql: dialect.literal(expr.value, expr.type), type: expr.type }
    case 'alias':
      return compileHeld(expr.arg, context)
    case 'cast':
      return { sql: dialect.cast(compileExpr(expr.arg, context), expr.to, expr.try === true), type: expr.to }
    case 'case':
      return compileCase(expr, context)
    case 'sql':
      return { sql: sql`(${textSql(expr.parts, context)})`, type: undefined }
    case 'call':
      return placed(() => compileCall(expr, context), context.at)
    case 'over':
      return compileOver(expr, context)
    case 'sort':
      return compileHeld(expr.arg, context)
    case 'outer':
      return compileOuter(expr.arg, context)
    case 'subquery':
      return placed(() => compileSubquery(expr, context), context.at)
    case 'variable':
      return variableNamed(expr.name, context)
    case 'lambda':
      throw misplaced('A lambda is an argument', 'Such as transform("xs", (x) => x.plus(1)).', context.at)
    case 'star':
      throw new MillraceError('FRAME_PLAN_INVALID', `"${exprName(expr)}" cannot stand here`, {
        hint: 'All columns may be selected, counted, or put into struct(…).',
        ...(context.at ? { at: context.at } : {}),
      })
    default:
      return unreachable(expr)
  }
}

/** One key of an order; undefined for a constant, which orders nothing. */
export function compileSortKey(expr: Expr, context: Context): Sql | undefined {
  const { arg, ...order } = sortKey(expr, context.dialect)
  if (arg.kind === 'literal') return undefined
  return ordered({ ...order, of: compileHeld(arg, context) }, context.dialect)
}

/** An order, `asc` with nulls first when nothing else is said; with the engine's own semantics its own. */
function sortKey(expr: Expr, dialect: FrameDialect) {
  if (expr.kind === 'sort') return expr
  return { arg: expr, descending: false, nullsFirst: true, ...(dialect.own ? { own: true } : {}) }
}

interface Order {
  readonly of: Typed
  readonly descending: boolean
  readonly nullsFirst: boolean
  readonly own?: boolean
}

function ordered({ of, descending, nullsFirst, own }: Order, dialect: FrameDialect, key = dialect.ordered(of)): Sql {
  if (own) return key
  return sql`${key} ${trusted(`${descending ? 'desc' : 'asc'} nulls ${nullsFirst ? 'first' : 'last'}`)}`
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

/** Gives an error of what is compiled the line that the user wrote it in. */
function placed<T>(compiled: () => T, at: Place | undefined): T {
  try {
    return compiled()
  } catch (thrown) {
    throw at && thrown instanceof MillraceError ? thrown.located(at) : thrown
  }
}

function compileCall(expr: Extract<Expr, { kind: 'call' }>, context: Context, window?: Sql): Typed {
  if (expr.fn === 'struct') return compileStruct(expr.args, context)
  if (expr.fn === 'grouping' || expr.fn === 'grouping_id') return compileGrouping(expr, context)
  const definition = functionNamed(expr.fn)
  if (expr.filter && !filterable(definition, context)) {
    return compileCall(conditioned(expr, expr.filter), context, window)
  }
  if (definition.kind === 'generator' && !context.dialect.strict) {
    throw misplaced(
      `${exprName(expr)} makes rows`,
      'Select it by itself, and compute with its column after that.',
      context.at,
    )
  }
  const own = context.dialect.own?.(definition.name)
  const form = context.dialect.form(definition)
  if (own === undefined && typeof form === 'object') {
    throw unsupported(`${definition.name}()`, context.dialect.engine, form.refused, context.at)
  }
  const { arity } = definition
  if (arity !== undefined && expr.args.length !== arity && !expr.args.some((arg) => arg.kind === 'star')) {
    throw misplaced(
      `${definition.name}() takes ${arity} argument${arity === 1 ? '' : 's'}, and got ${expr.args.length}`,
      `It is called with ${exprName(expr)}.`,
      context.at,
    )
  }
  if (definition.kind === 'window' && window === undefined) {
    throw misplaced(
      `${exprName(expr)} needs a window`,
      'Add .over(Window.partitionBy("…").orderBy("…")), or over (order by …) in SQL text.',
      context.at,
    )
  }
  const variables = lambdaNames(context)
  const holding = context.dialect.strict || context.dialect.own ? undefined : definition.held
  const written = expr.args.some((arg) => arg.kind === 'lambda')
    ? compileLambdas(expr, definition, variables, context)
    : expr.args.flatMap((arg) =>
        arg.kind === 'star' && definition.variadic
          ? expandStar(context.scope, arg.of, context.dialect, context.at).map((column) => settledOf(column, context))
          : [holding ? compileHeld(arg, context) : compileExpr(arg, context)],
      )
  if (own !== undefined) return compileOwn(own, written, expr, context, window)
  const parameters = context.dialect.strict || context.dialect.own ? undefined : parametersOf(definition.name)
  const args = parameters ? allWanted(written, parameters) : written
  const types = args.map((arg) => arg.type)
  const wrong = types.find((type) => definition.numeric && type !== undefined && !NUMERIC.has(type.kind))
  if (wrong) {
    throw new MillraceError('COLUMN_TYPE', `${exprName(expr)} needs numbers, and got ${wrong.kind}`, {
      hint: `Convert it first: col('…').cast('double').`,
      ...(context.at ? { at: context.at } : {}),
    })
  }
  const values = args.map((arg) => arg.sql)
  const type = definition.result.of(types, values, expr.args.map(givenName))
  const given = type?.kind === 'decimal' ? holding?.(args, type, context.dialect.hope) : undefined
  if (given?.sql) return { sql: given.sql, type, held: given.held }
  const only = expr.filter ? sql` filter (where ${compileExpr(expr.filter, context).sql})` : empty
  const filled = applied(definition, args, type, window, context, only, variables)
  if (given) return { sql: filled, type, held: given.held }
  return {
    sql: context.dialect.typed(
      definition.finish && !context.dialect.strict ? definition.finish(filled, types) : filled,
      type,
    ),
    type,
  }
}

/** A call of the engine's own function; its type is the engine's matter, too. */
function compileOwn(own: OwnForm, args: readonly Typed[], expr: CallExpr, context: Context, window?: Sql): Typed {
  const only = expr.filter ? sql` filter (where ${compileExpr(expr.filter, context).sql})` : empty
  const over = window === undefined ? only : sql`${only} over ${window}`
  const values = args.map((arg) => arg.sql)
  const made =
    typeof own === 'string'
      ? fillTemplate(own, values, over, (letter, _arg, i) => context.dialect.convert(letter, args, i))
      : own(values as readonly Sql[] as TemplateArgs)
  return { sql: made, type: OWN_TRUTHS.has(expr.fn) ? { kind: 'boolean' } : undefined }
}

const OWN_TRUTHS = new Set(['eq', 'ne', 'lt', 'le', 'gt', 'ge', 'eq_null_safe', 'in'])

/** The name of an argument that has one by itself. */
function givenName(arg: Expr): string | undefined {
  if (arg.kind === 'column' || arg.kind === 'alias') return exprName(arg)
  if (arg.kind === 'variable') return arg.name
  return arg.kind === 'call' && arg.fn === 'get_field' ? exprName(arg.args[1] ?? arg) : undefined
}

/** Names for a form's own lambda parameters, which those of the lambdas around it must not have. */
function lambdaNames({ variables }: Context): readonly [Sql, Sql] {
  const depth = variables?.size ?? 0
  return [trusted(`e${depth}`), trusted(`i${depth}`)]
}

/** The arguments of a function of lambdas; a lambda is its body, over what the function says its parameters are. */
function compileLambdas(
  expr: CallExpr,
  definition: FunctionDefinition,
  names: readonly [Sql, Sql],
  context: Context,
): Typed[] {
  const others = expr.args.map((arg) => (arg.kind === 'lambda' ? undefined : compileExpr(arg, context)))
  const types = others.flatMap((other) => (other ? [other.type] : []))
  let lambda = 0
  return expr.args.map((arg, i) => {
    const other = others[i]
    if (other || arg.kind !== 'lambda') return other ?? compileExpr(arg, context)
    const given = definition.lambdas?.(types, lambda, names)
    lambda += 1
    if (!given || arg.params.length > given.length) {
      const what = given ? `a function of ${given.length} parameters at most` : 'no function'
      throw misplaced(
        `${definition.name}() takes ${what} there`,
        'Such as transform("xs", (x, i) => x.plus(i)).',
        context.at,
      )
    }
    const variables = new Map(context.variables)
    arg.params.forEach((name, at) => {
      const value = given[at]
      if (value) variables.set(name, value)
    })
    return compileExpr(arg.body, { ...context, variables })
  })
}

function variableNamed(name: string, { variables, at }: Context): Typed {
  const found = variables?.get(name)
  if (found) return found
  throw misplaced(`A parameter of a lambda (${name}) is used outside of it`, 'Use it within the function only.', at)
}

function misplaced(message: string, hint: string, at: Place | undefined): MillraceError {
  return new MillraceError('FRAME_PLAN_INVALID', message, { hint, ...(at ? { at } : {}) })
}

/** A function's form in the dialect, with its arguments and its window. */
function applied(
  definition: FunctionDefinition,
  args: readonly Typed[],
  type: DataType | undefined,
  window: Sql | undefined,
  { dialect, at }: Context,
  only: Sql,
  variables: readonly [Sql, Sql],
): Sql {
  const form = dialect.form(definition)
  const over = window === undefined ? only : sql`${only} over ${window}`
  const refuse = (why: string, instead?: string): never => {
    throw unsupported(`${definition.name}()${why === '' ? '' : ` ${why}`}`, dialect.engine, instead, at)
  }
  if (typeof form === 'object') return refuse('', form.refused)
  const values = args.map((arg) => arg.sql)
  if (typeof form === 'string')
    return fillTemplate(form, values, over, (letter, _arg, i) => dialect.convert(letter, args, i))
  const call: Call = { over, type, refuse, variables }
  const filled = form(
    values as readonly Sql[] as TemplateArgs,
    args.map((arg) => arg.type),
    call,
  )
  if (typeof filled === 'string') {
    return fillTemplate(filled, values, over, (letter, _arg, i) => dialect.convert(letter, args, i))
  }
  // Forms of DuckDB are one call, behind which its window stands.
  return dialect.strict ? filled : sql`${filled}${over}`
}

/** Whether a filter can stand behind the function: forms that are one call without a filter of their own. */
function filterable(definition: FunctionDefinition, { dialect }: Context): boolean {
  const form = dialect.own?.(definition.name) ?? dialect.form(definition)
  return !dialect.strict && typeof form === 'string' && /^\w+\([^()]*\)$/.test(form)
}

/** The aggregate of a condition's rows as one of values that are null in the others. */
function conditioned(expr: CallExpr, condition: Expr): CallExpr {
  const { filter: _filter, ...call } = expr
  const args: readonly Expr[] =
    call.args.length > 0 ? call.args : [{ kind: 'literal', value: 1, type: { kind: 'integer' } }]
  return {
    ...call,
    args: args.map((arg) =>
      arg.kind === 'literal' && args.length > 1 ? arg : { kind: 'case', branches: [{ when: condition, value: arg }] },
    ),
  }
}

type CallExpr = Extract<Expr, { kind: 'call' }>

/** Which keys a row's group leaves out (Spark's grouping and grouping_id). */
function compileGrouping({ fn, args }: CallExpr, { groups, at }: Context): Typed {
  const fail = (message: string): never => {
    throw new MillraceError('FRAME_PLAN_INVALID', message, {
      hint: 'Such as df.rollup("a", "b").agg(grouping("a"), sum("n")).',
      ...(at ? { at } : {}),
    })
  }
  if (groups === undefined) return fail(`${fn}() needs rollup, cube or groupingSets`)
  const keys = args.map((arg) => {
    const name = exprName(arg)
    const found = groups.find(({ expr }) => exprName(expr).toLowerCase() === name.toLowerCase())
    return (
      found ??
      fail(`${fn}(${name}): "${name}" is none of the groups ${groups.map((key) => exprName(key.expr)).join(', ')}`)
    )
  })
  const of = keys.length > 0 ? keys : groups
  const bits = sql`grouping(${join(of.map(({ ref }) => ref))})`
  return fn === 'grouping'
    ? { sql: sql`cast(${bits} as tinyint)`, type: { kind: 'byte' } }
    : { sql: sql`cast(${bits} as bigint)`, type: { kind: 'long' } }
}

const NUMERIC = new Set([
  'null', 'byte', 'short', 'integer', 'long', 'hugeint', 'ubyte', 'ushort', 'uinteger', 'ulong', 'float', 'double', 'decimal', 'boolean',
]) // biome-ignore format: a table

function compileStruct(args: readonly Expr[], context: Context): Typed {
  const given = args.flatMap((arg) =>
    arg.kind === 'star'
      ? expandStar(context.scope, arg.of, context.dialect, context.at).map((column) => ({
          name: column.name,
          ...settledOf(column, context),
        }))
      : [{ name: givenName(arg) ?? itemName(arg, context), ...compileExpr(arg, context) }],
  )
  // What has no name is named by its place, as Spark does.
  const members = given.map((member, i) => ({ ...member, name: member.name ?? `col${i + 1}` }))
  return {
    sql: context.dialect.struct(members),
    type: structType(members),
  }
}

/** The name of an item that is a struct's member, not an array's element or a map's value. */
function itemName(arg: Expr, context: Context): string | undefined {
  const [of, key] = arg.kind === 'call' && arg.fn === 'get_item' ? arg.args : []
  if (of === undefined || key?.kind !== 'literal' || typeof key.value !== 'string') return undefined
  return compileExpr(of, context).type?.kind === 'struct' ? key.value : undefined
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

function settledOf(column: ScopeColumn, { dialect }: Context): Typed {
  return settled(typedOf(column), dialect)
}

function compileCase(expr: Extract<Expr, { kind: 'case' }>, context: Context): Typed {
  const { dialect } = context
  const compiled = expr.branches.map(({ value: then }) => compileHeld(then, context))
  if (expr.otherwise) compiled.push(compileHeld(expr.otherwise, context))
  const held = dialect.strict || dialect.own ? undefined : heldBranches(compiled)
  if (held) return { ...held, sql: caseSql(expr, held.values, context) }
  const given = compiled.map((one) => settled(one, dialect))
  const values = dialect.strict ? postgresCommon(given) : unified(given, dialect)
  const type = commonOf(values.map((one) => one.type))
  const made = caseSql(
    expr,
    values.map((one) => one.sql),
    context,
  )
  return { sql: dialect.typed(made, type), type }
}

/** Branches that are decimals, or whole numbers among them, as decimals of one scale. */
function heldBranches(branches: readonly Typed[]) {
  const type = commonOf(branches.map((one) => one.type))
  const together = type?.kind === 'decimal' ? heldTogether(branches, type.scale) : undefined
  return together && { ...together, type }
}

function caseSql(expr: Extract<Expr, { kind: 'case' }>, values: readonly Sql[], context: Context): Sql {
  const whens = expr.branches.map(
    ({ when }, i) => sql`when ${compileExpr(when, context).sql} then ${values[i] ?? trusted('null')}`,
  )
  const otherwise = expr.otherwise ? sql` else ${values.at(-1) ?? trusted('null')}` : empty
  return sql`case ${join(whens, ' ')}${otherwise} end`
}

function textSql(parts: readonly (string | Expr)[], context: Context): Sql {
  const pieces = parts.map((part) => (typeof part === 'string' ? trusted(part) : compileExpr(part, context).sql))
  // A comment at the end would swallow the parenthesis.
  const comment = parts.some((part) => typeof part === 'string' && part.includes('--'))
  return join(comment ? [...pieces, trusted('\n')] : pieces, '')
}

function compileOver(expr: Extract<Expr, { kind: 'over' }>, context: Context): Typed {
  if (!context.dialect.strict) checkWindow(expr, context.at)
  const clauses: Sql[] = []
  if (expr.partitionBy.length > 0) {
    clauses.push(sql`partition by ${join(expr.partitionBy.map((one) => compileHeld(one, context).sql))}`)
  }
  const orders = expr.orderBy.flatMap((one) => {
    const { arg, ...order } = sortKey(one, context.dialect)
    return arg.kind === 'literal' ? [] : [{ ...order, of: compileExpr(arg, context) }]
  })
  const keys = orders.map(({ of }) => of)
  const bounds = expr.bounds && compileBounds(expr.bounds, keys, context.dialect, context.at)
  if (orders.length > 0) {
    clauses.push(sql`order by ${join(orders.map((order) => ordered(order, context.dialect, bounds?.key)))}`)
  }
  if (bounds) clauses.push(bounds.sql)
  const window = sql`(${join(clauses, ' ')})`
  if (expr.fn.kind === 'call' && expr.fn.fn !== 'struct') {
    const fn = expr.fn
    return placed(() => compileCall(fn, context, window), context.at)
  }
  const fn = compileExpr(expr.fn, context)
  return { sql: sql`${fn.sql} over ${window}`, type: fn.type }
}
