import { unknownName } from '../../base/kernel/index.ts'
import { type Column, operand } from './column.ts'
import { Frame } from './frame.ts'
import type { Literal } from './literal.ts'
import { callPlace } from './place.ts'
import type { Plan, SqlArguments } from './plan.ts'
import { GLOBAL_TEMP, viewNamed, views } from './temp-views.ts'

/** A temporary view, a dataset of the project or a table of the engine, as a frame. */
export function table(name: string): Frame {
  const view = viewNamed(name)
  return view ? new Frame(view) : located({ op: 'table', name })
}

/** What a query is given: values by name or in order, and frames by name. */
export type SqlValues = Readonly<Record<string, Literal | Column | AnyFrame>> | readonly (Literal | Column)[]
// biome-ignore lint/suspicious/noExplicitAny: a frame of any rows
type AnyFrame = Frame<any>

/**
 * A query in the SQL of the engine as a frame. It may name temporary views, frames given by name, datasets and tables,
 * and hold parameters, whose values are bound: `sql('select * from orders where amount > :least', { least: 10 })`,
 * `sql('select ? + 1', [41])`, `sql('select count(*) as n from {df}', { df: orders })`.
 * @throws MillraceError COLUMN_UNKNOWN for a `{name}` that is not given, OPTION_MISSING for a parameter, ENGINE_SQL when
 * the action runs it
 */
export function sql(text: string, given: SqlValues = {}, more: Readonly<Record<string, AnyFrame>> = {}): Frame {
  const all = Array.isArray(given) ? {} : (given as Readonly<Record<string, unknown>>)
  const frames: Readonly<Record<string, AnyFrame>> = {
    ...Object.fromEntries(
      Object.entries(all).filter((entry): entry is [string, AnyFrame] => entry[1] instanceof Frame),
    ),
    ...more,
  }
  const values = Object.entries(all).filter(([, value]) => !(value instanceof Frame))
  const args: SqlArguments | undefined = Array.isArray(given)
    ? given.map(operand)
    : values.length > 0
      ? Object.fromEntries(values.map(([name, value]) => [name, operand(value)]))
      : undefined
  const used: Record<string, Plan> = {}
  const query = text.replace(/;\s*$/, '').replace(/\{(\w+)\}/g, (whole, name: string) => {
    const frame = Object.hasOwn(frames, name) ? frames[name] : undefined
    if (!frame) {
      if (Object.keys(frames).length === 0) return whole
      throw unknownName('COLUMN_UNKNOWN', 'sql: the frame', name, Object.keys(frames))
    }
    used[name.toLowerCase()] = frame.plan
    return `"${name.toLowerCase()}"`
  })
  const global = new RegExp(`\\b${GLOBAL_TEMP}\\s*\\.\\s*([\\p{L}_][\\p{L}\\p{N}_]*)`, 'giu')
  const replaced = query.replace(global, (whole, name: string) => {
    const key = `${GLOBAL_TEMP}.${name.toLowerCase()}`
    const plan = viewNamed(key)
    if (plan) used[key] = plan
    return plan ? `"${key}"` : whole
  })
  const words = new Set(replaced.toLowerCase().match(/[\p{L}_][\p{L}\p{N}_]*/gu))
  for (const [key, view] of views()) {
    if (words.has(key) && !Object.hasOwn(used, key)) used[key] = view.plan
  }
  return located({ op: 'sql', text: replaced, views: used, ...(args ? { args } : {}) })
}

function located(plan: Plan): Frame {
  const at = callPlace()
  return new Frame(at ? { ...plan, at } : plan)
}
