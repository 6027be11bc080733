import { MillraceError, unknownName } from '../../base/kernel/index.ts'
import { Frame } from './frame.ts'
import { callPlace } from './place.ts'
import type { Plan } from './plan.ts'
import { type FrameSession, givenSession } from './session.ts'

interface View {
  readonly name: string
  readonly plan: Plan
}

/** The temporary views of each session, by their lower-case names; those outside of any session belong to the program. */
const OF_SESSIONS = new WeakMap<FrameSession, Map<string, View>>()
const OF_PROGRAM = new Map<string, View>()

function views(): Map<string, View> {
  const session = givenSession()
  if (!session) return OF_PROGRAM
  let found = OF_SESSIONS.get(session)
  if (!found) {
    found = new Map()
    OF_SESSIONS.set(session, found)
  }
  return found
}

/** Names a plan. @throws MillraceError OPTION_INVALID for what is no name, FRAME_VIEW_EXISTS */
export function putView(name: string, plan: Plan, replace: boolean): void {
  if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name)) {
    throw new MillraceError('OPTION_INVALID', `"${name}" cannot be the name of a view`, {
      hint: 'Letters, digits and underscores, such as daily_totals.',
    })
  }
  const key = name.toLowerCase()
  if (!replace && views().has(key)) {
    throw new MillraceError('FRAME_VIEW_EXISTS', `the temporary view "${name}" exists`, {
      hint: 'Use createOrReplaceTempView, or dropTempView first.',
    })
  }
  views().set(key, { name, plan })
}

/** The plan of a temporary view. */
export function viewNamed(name: string): Plan | undefined {
  return views().get(name.toLowerCase())?.plan
}

/** Forgets a temporary view; tells whether there was one. */
export function dropTempView(name: string): boolean {
  return views().delete(name.toLowerCase())
}

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
  const words = new Set(query.toLowerCase().match(/[\p{L}_][\p{L}\p{N}_]*/gu))
  for (const [key, view] of views()) {
    if (words.has(key) && !Object.hasOwn(used, key)) used[key] = view.plan
  }
  return located({ op: 'sql', text: query, views: used })
}

function located(plan: Plan): Frame {
  const at = callPlace()
  return new Frame(at ? { ...plan, at } : plan)
}
