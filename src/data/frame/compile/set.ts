import { MillraceError, type Place, unknownName } from '../../../base/kernel/index.ts'
import { id, sql, trusted } from '../../../base/sql/index.ts'
import { postgresCommon } from '../dialect/postgres.ts'
import type { Plan } from '../plan.ts'
import { type Block, isOpen, outputNames, renderBlock, wrap } from './block.ts'
import type { Compiling } from './compile.ts'
import type { ScopeColumn } from './scope.ts'
import { unified } from './unified.ts'

/** Union, intersection and difference, by position or by name. */
export function compileSet(plan: Extract<Plan, { op: 'set' }>, c: Compiling): Block {
  const left = c.block(plan.left)
  const right = c.block(plan.right)
  const [first, second] = plan.byName ? byName(left, right, plan, c) : [left, right]
  if (first.columns.length !== second.columns.length) {
    throw new MillraceError(
      'FRAME_PLAN_INVALID',
      `${plan.how} needs frames of as many columns, and has ${first.columns.length} and ${second.columns.length}`,
      {
        hint: 'Use unionByName(other, { allowMissingColumns: true }) for different columns.',
        ...(plan.at ? { at: plan.at } : {}),
      },
    )
  }
  if (plan.how !== 'union') refuseMaps(first, plan.how, plan.at)
  const [one, two] = placed(plan.at, () => sameTypes(first, second, c))
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

/** Maps have no equality in Spark. @throws MillraceError COLUMN_TYPE */
export function refuseMaps(block: Block, what: string, at: Place | undefined): void {
  const map = block.columns.find((column) => column.type?.kind === 'map')
  if (map === undefined) return
  throw new MillraceError('COLUMN_TYPE', `${what} compares rows, and "${map.name}" is a map, which has no equality`, {
    hint: 'Leave the column out, or compare mapEntries(…) of it.',
    ...(at ? { at } : {}),
  })
}

function placed<T>(at: Place | undefined, act: () => T): T {
  try {
    return act()
  } catch (thrown) {
    throw at && thrown instanceof MillraceError ? thrown.located(at) : thrown
  }
}

/** Both sides with columns of the same types, as far as the types are known. */
function sameTypes(left: Block, right: Block, c: Compiling): [Block, Block] {
  const needed = left.columns.some((column, i) => !sameType(column, right.columns[i]))
  if (!needed) return [left, right]
  const one = isOpen(left) ? left : wrap(left, c.alias())
  const two = isOpen(right) ? right : wrap(right, c.alias())
  const sides = one.columns.map((column, i) => {
    const other = two.columns[i] ?? column
    const given = [
      { sql: column.ref, type: column.type },
      { sql: other.ref, type: other.type },
    ]
    return c.dialect.strict ? postgresCommon(given) : unified(given, c.dialect)
  })
  const cast = (block: Block, side: 0 | 1): Block => ({
    ...block,
    columns: block.columns.map((column, i) => {
      const { sql: ref = column.ref, type } = sides[i]?.[side] ?? {}
      return ref === column.ref ? column : { ...column, ref, type, direct: false }
    }),
  })
  return [cast(one, 0), cast(two, 1)]
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
  const missing = (column: ScopeColumn): ScopeColumn => ({
    ...column,
    ref: c.dialect.strict && column.type ? c.dialect.literal(null, column.type) : trusted('null'),
    direct: false,
  })
  return [
    { ...one, columns: [...one.columns, ...extra.map(missing)] },
    { ...two, columns: [...one.columns.map((column) => inRight.get(lower(column)) ?? missing(column)), ...extra] },
  ]
}
