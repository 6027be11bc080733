import { unknownName } from '../../base/kernel/index.ts'
import { Frame } from './frame.ts'
import { callPlace } from './place.ts'
import type { Plan } from './plan.ts'
import { GLOBAL_TEMP, viewNamed, views } from './temp-views.ts'

/** A temporary view, a dataset of the project or a table of the engine, as a frame. */
export function table(name: string): Frame {
  const view = viewNamed(name)
  return view ? new Frame(view) : located({ op: 'table', name })
}

/**
 * A query in the SQL of the engine as a frame. It may name temporary views, frames given by name, datasets and tables:
 * `sql('select * from orders where amount > 10')`, `sql('select count(*) as n from {df}', { df: orders })`.
 * @throws MillraceError COLUMN_UNKNOWN for a `{name}` that is not given, ENGINE_SQL when the action runs it
 */
export function sql(text: string, frames: Readonly<Record<string, Frame<never> | Frame>> = {}): Frame {
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
  return located({ op: 'sql', text: replaced, views: used })
}

function located(plan: Plan): Frame {
  const at = callPlace()
  return new Frame(at ? { ...plan, at } : plan)
}
