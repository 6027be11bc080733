import { MillraceError, unknownName } from '../../../base/kernel/index.ts'
import { id, sql, trusted } from '../../../base/sql/index.ts'
import type { Plan } from '../plan.ts'
import { type Block, outputNames, renderBlock, wrap } from './block.ts'
import type { Compiling } from './compile.ts'
import type { ScopeColumn } from './scope.ts'

/** Union, intersection and difference, by position or by name. */
export function compileSet(plan: Extract<Plan, { op: 'set' }>, c: Compiling): Block {
  const left = c.block(plan.left)
  const right = c.block(plan.right)
  const [one, two] = plan.byName ? byName(left, right, plan, c) : [left, right]
  if (one.columns.length !== two.columns.length) {
    throw new MillraceError(
      'FRAME_PLAN_INVALID',
      `${plan.how} needs frames of as many columns, and has ${one.columns.length} and ${two.columns.length}`,
      {
        hint: 'Use unionByName(other, { allowMissingColumns: true }) for different columns.',
        ...(plan.at ? { at: plan.at } : {}),
      },
    )
  }
  const operator = trusted(` ${plan.how}${plan.all ? ' all' : ''} `)
  const alias = c.alias()
  const names = outputNames(one.columns)
  return {
    from: sql`((${renderBlock(one)})${operator}(${renderBlock(two)})) as ${id(alias)}`,
    columns: one.columns.map((column, i) => ({
      name: column.name,
      ref: sql`${id(alias)}.${id(names[i] ?? column.name)}`,
      direct: true,
      type: sameType(column, two.columns[i]) ? column.type : undefined,
      aliases: [],
      frames: [],
    })),
  }
}

function sameType(a: ScopeColumn, b: ScopeColumn | undefined): boolean {
  return JSON.stringify(a.type) === JSON.stringify(b?.type)
}

function byName(left: Block, right: Block, plan: Extract<Plan, { op: 'set' }>, c: Compiling): [Block, Block] {
  const one = wrap(left, c.alias())
  const two = wrap(right, c.alias())
  const lower = (column: ScopeColumn) => column.name.toLowerCase()
  const inLeft = new Map(one.columns.map((column) => [lower(column), column]))
  const inRight = new Map(two.columns.map((column) => [lower(column), column]))
  const extra = two.columns.filter((column) => !inLeft.has(lower(column)))
  const lacking = one.columns.find((column) => !inRight.has(lower(column)))
  if (!plan.allowMissing && (extra.length > 0 || lacking)) {
    const name = lacking?.name ?? extra[0]?.name ?? ''
    const names = (lacking ? two : one).columns.map((column) => column.name)
    throw unknownName('COLUMN_UNKNOWN', 'unionByName: the column', name, names, plan.at ? { at: plan.at } : {})
  }
  const missing = (column: ScopeColumn): ScopeColumn => ({ ...column, ref: trusted('null'), direct: false })
  return [
    { ...one, columns: [...one.columns, ...extra.map(missing)] },
    { ...two, columns: [...one.columns.map((column) => inRight.get(lower(column)) ?? missing(column)), ...extra] },
  ]
}
