import { MillraceError, type Place } from '../../../base/kernel/index.ts'
import { sql, trusted } from '../../../base/sql/index.ts'
import type { Expr } from '../expr.ts'
import { generatedBy } from '../functions/collection/generator.ts'
import { functionNamed } from '../functions/index.ts'
import { type Block, wrap } from './block.ts'
import type { Compiling } from './compile.ts'
import { ofItsType } from './computed.ts'
import { compileExpr } from './expression.ts'
import type { ScopeColumn } from './scope.ts'

type CallExpr = Extract<Expr, { kind: 'call' }>

/** The generator (`explode`, `inline` …) that a selected expression is. */
function generatorOf(expr: Expr): CallExpr | undefined {
  const bare = expr.kind === 'alias' ? expr.arg : expr
  if (bare.kind === 'alias') return generatorOf(bare)
  return bare.kind === 'call' && functionNamed(bare.fn).kind === 'generator' ? bare : undefined
}

/**
 * A block whose rows are what the generators among the expressions make of those of `input`, one after the other,
 * and the columns that each of them makes, by its place. PostgreSQL's own, which it has within a select, is none.
 * @throws MillraceError COLUMN_TYPE, FRAME_PLAN_INVALID
 */
export function generate(
  input: Block,
  exprs: readonly Expr[],
  c: Compiling,
  at: Place | undefined,
): { readonly block: Block; readonly made: ReadonlyMap<number, readonly ScopeColumn[]> } {
  const calls = exprs.flatMap((expr, place) => {
    const call = c.dialect.strict ? undefined : generatorOf(expr)
    return call ? [{ call, expr, place }] : []
  })
  if (calls.length === 0) return { block: input, made: new Map() }
  const width = input.columns.length
  let block = input
  const lists = calls.map(({ call }) => {
    const context = c.context(block.columns.slice(0, width), at)
    const generated = located(at, () =>
      generatedBy(
        call.fn,
        call.args.map((arg) => ofItsType(arg, compileExpr(arg, context), c.dialect)),
        [trusted('e0'), trusted('i0')],
      ),
    )
    const column: ScopeColumn = {
      name: 'generated', ref: sql`unnest(${generated.list})`, direct: false, type: undefined, aliases: [], frames: [],
    } // biome-ignore format: short
    block = wrap({ ...block, columns: [...block.columns, column] }, c.alias())
    return generated
  })
  const made = new Map<number, readonly ScopeColumn[]>()
  calls.forEach(({ expr, place }, i) => {
    const value = block.columns[width + i]
    const generated = lists[i]
    if (!value || !generated) return
    const names = namesOf(
      expr,
      generated.columns.map(({ name }) => name),
      at,
    )
    made.set(
      place,
      generated.columns.map(({ name, type }, k) => ({
        name: names[k] ?? name,
        ref: generated.bare ? value.ref : c.dialect.member({ sql: value.ref, type: undefined }, name),
        direct: false,
        type,
        aliases: [],
        frames: [],
      })),
    )
  })
  return { block: { ...block, columns: block.columns.slice(0, width) }, made }
}

function namesOf(expr: Expr, own: readonly string[], at: Place | undefined): readonly string[] {
  if (expr.kind !== 'alias') return own
  const given = expr.arg.kind === 'alias' ? [expr.name] : (expr.names ?? [expr.name])
  if (given.length === own.length) return given
  throw new MillraceError(
    'FRAME_PLAN_INVALID',
    `${given.length} names for the ${own.length} columns ${own.join(', ')}`,
    {
      hint: `Name all of them: .alias(${own.map((name) => `"${name}"`).join(', ')}).`,
      ...(at ? { at } : {}),
    },
  )
}

function located<T>(at: Place | undefined, act: () => T): T {
  try {
    return act()
  } catch (thrown) {
    throw at && thrown instanceof MillraceError ? thrown.located(at) : thrown
  }
}
