import { MillraceError } from '../../../base/kernel/index.ts'
import { join, sql } from '../../../base/sql/index.ts'
import { exprName } from '../expr.ts'
import { commonOf } from '../functions/shared-type.ts'
import type { Plan } from '../plan.ts'
import { type Block, wrap } from './block.ts'
import type { Compiling } from './compile.ts'
import { computed } from './computed.ts'

/** Columns as rows: each row becomes one per value column, with the column's name and its value. */
export function compileUnpivot(input: Block, plan: Extract<Plan, { op: 'unpivot' }>, c: Compiling): Block {
  const { at } = plan
  const ids = plan.ids.flatMap((one) => computed(one, input.columns, c, at))
  const kept = new Set(plan.ids.map((one) => exprName(one).toLowerCase()))
  const values = plan.values
    ? plan.values.flatMap((one) => computed(one, input.columns, c, at))
    : input.columns.filter((column) => !kept.has(column.name.toLowerCase()))
  const type = commonOf(values.map((one) => one.type))
  const place = at ? { at } : {}
  if (values.length === 0) throw new MillraceError('FRAME_PLAN_INVALID', 'unpivot() has no value columns', place)
  const kinds = new Set(values.flatMap((one) => (one.type && one.type.kind !== 'null' ? [one.type.kind] : [])))
  const textAndOthers = kinds.has('string') && kinds.size > 1
  if ((type === undefined && values.every((one) => one.type !== undefined)) || textAndOthers) {
    const found = values.map((one) => `${one.name} ${one.type?.kind}`).join(', ')
    throw new MillraceError('COLUMN_TYPE', `unpivot() needs values of one type, and got ${found}`, {
      hint: 'Cast them first, such as col("a").cast("string").as("a").',
      ...place,
    })
  }
  const cast = values.map((one) =>
    type === undefined || one.type?.kind === type.kind
      ? one.ref
      : c.dialect.cast({ sql: one.ref, type: one.type }, type, false),
  )
  const array = (items: typeof cast) => (c.dialect.strict ? sql`array[${join(items)}]` : sql`[${join(items)}]`)
  const made = { direct: false, aliases: [], frames: [] }
  const names = values.map((one) => c.dialect.literal(one.name, { kind: 'string' }))
  return wrap(
    {
      ...input,
      columns: [
        ...ids,
        { ...made, name: plan.variable, ref: sql`unnest(${array(names)})`, type: { kind: 'string' } },
        { ...made, name: plan.value, ref: sql`unnest(${array(cast)})`, type },
      ],
    },
    c.alias(),
  )
}
