import { formatPlace, type Place } from '../../../base/kernel/index.ts'
import { sql } from '../../../base/sql/index.ts'
import { namePattern } from '../column-pattern.ts'
import type { FrameDialect } from '../dialect/frame-dialect.ts'
import { type Expr, exprName, type Metadata } from '../expr.ts'
import type { Compiling } from './compile.ts'
import { compileHeld, type GroupKey } from './expression.ts'
import { expandStar, type ScopeColumn, type Typed } from './scope.ts'

/** The columns that an item of a `select` makes: one, or many of a star. */
export function computed(
  expr: Expr,
  scope: readonly ScopeColumn[],
  c: Compiling,
  at: Place | undefined,
  groups?: readonly GroupKey[],
): ScopeColumn[] {
  if (expr.kind === 'star') {
    const all = expandStar(scope, expr.of, c.dialect, at)
    if (expr.pattern === undefined) return all
    const pattern = namePattern(expr.pattern)
    return all.filter((column) => pattern.test(column.name))
  }
  const value = compileHeld(expr, { ...c.context(scope, at), ...(groups ? { groups } : {}) })
  const { sql: ref, type, held } = ofItsType(expr, value, c.dialect)
  const plain = expr.kind === 'column' || (expr.kind === 'alias' && expr.arg.kind === 'column')
  const source = plain ? scope.find((column) => column.ref === ref) : undefined
  const name = exprName(withoutCasts(namedByType(expr, scope)))
  const metadata = metadataOf(expr)
  const more = metadata ? { metadata } : {}
  if (source) return [{ ...source, name, ...more }]
  return [
    {
      ...(at ? { origin: `a column computed in ${formatPlace(at)}` } : {}),
      name,
      ref,
      direct: false,
      type,
      aliases: [],
      frames: [],
      ...(held === undefined ? {} : { held }),
      ...more,
    },
  ]
}

/** Whether the SQL of an expression has a type however little of it is left. */
function holdsType(expr: Expr): boolean {
  if (expr.kind === 'alias') return holdsType(expr.arg)
  return expr.kind === 'column' || expr.kind === 'literal' || expr.kind === 'cast'
}

/** An expression's value in its own type: DuckDB forgets the type of a constant that comes to null, and makes it an integer. */
export function ofItsType(expr: Expr, value: Typed, dialect: FrameDialect): Typed {
  const { sql: of, type, held } = value
  const isConstant = !holdsType(expr) && !of.parts.some((part) => 'id' in part)
  if (!isConstant || dialect.strict || type === undefined || type.kind === 'null' || held !== undefined) return value
  return { sql: sql`cast(${of} as ${dialect.typeName(type)})`, type }
}

/** What an alias says of the column, also of one that is named again. */
function metadataOf(expr: Expr): Metadata | undefined {
  return expr.kind === 'alias' ? (expr.metadata ?? metadataOf(expr.arg)) : undefined
}

/** A column that is cast keeps its name. */
function withoutCasts(expr: Expr): Expr {
  let of = expr
  while (of.kind === 'cast') of = of.arg
  return of.kind === 'column' ? of : expr
}

/** A call as its name is made of it: members of structs are written with all of their path, as Spark does. */
function namedByType(expr: Expr, scope: readonly ScopeColumn[]): Expr {
  if (expr.kind !== 'call' || !scope.some(({ type }) => type?.kind === 'struct')) return expr
  const [of, key] = expr.args
  if (expr.fn === 'get_item' && of?.kind === 'column' && key?.kind === 'literal' && structIn(of.name, scope)) {
    return { ...expr, fn: 'get_field' }
  }
  const args = expr.args.map((arg): Expr => {
    if (arg.kind !== 'column') return namedByType(arg, scope)
    const [head = '', ...path] = arg.name.includes('`') ? [] : arg.name.split('.')
    return path.length > 0 && structIn(head, scope) ? { kind: 'sql', parts: [arg.name] } : arg
  })
  return { ...expr, args }
}

/** Whether a name is that of a struct, and not of a table. */
function structIn(name: string, scope: readonly ScopeColumn[]): boolean {
  const same = (one: string) => one.toLowerCase() === name.toLowerCase()
  return (
    !scope.some(({ aliases }) => aliases.some(same)) &&
    scope.some((one) => same(one.name) && one.type?.kind === 'struct')
  )
}
