import { MillraceError } from '../../base/kernel/index.ts'
import type { Plan } from './plan.ts'
import { type FrameSession, givenSession } from './session.ts'

interface View {
  readonly name: string
  readonly plan: Plan
}

/** The temporary views of each session, by their lower-case names; those outside of any session belong to the program. */
const OF_SESSIONS = new WeakMap<FrameSession, Map<string, View>>()
const OF_PROGRAM = new Map<string, View>()

/** The temporary views that are there now. */
export function views(): Map<string, View> {
  const session = givenSession()
  if (!session) return OF_PROGRAM
  let found = OF_SESSIONS.get(session)
  if (!found) {
    found = new Map()
    OF_SESSIONS.set(session, found)
  }
  return found
}

/** The database whose views all sessions of the program have. */
export const GLOBAL_TEMP = 'global_temp'
const OF_ALL = new Map<string, View>()

/** Names a plan. @throws MillraceError OPTION_INVALID for what is no name, FRAME_VIEW_EXISTS */
export function putView(name: string, plan: Plan, replace: boolean, database?: typeof GLOBAL_TEMP): void {
  const all = database === undefined ? views() : OF_ALL
  if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name)) {
    throw new MillraceError('OPTION_INVALID', `"${name}" cannot be the name of a view`, {
      hint: 'Letters, digits and underscores, such as daily_totals.',
    })
  }
  const key = name.toLowerCase()
  if (!replace && all.has(key)) {
    throw new MillraceError('FRAME_VIEW_EXISTS', `the temporary view "${name}" exists`, {
      hint: 'Use createOrReplaceTempView, or dropTempView first.',
    })
  }
  all.set(key, { name, plan })
}

/** The plan of a temporary view. */
export function viewNamed(name: string): Plan | undefined {
  const [database, rest] = name.toLowerCase().split('.', 2)
  return (database === GLOBAL_TEMP && rest !== undefined ? OF_ALL.get(rest) : views().get(name.toLowerCase()))?.plan
}

/** The temporary views that are there. */
export function listViews(): { readonly name: string; readonly database?: string; readonly isTemporary: true }[] {
  const own = [...views().values()].map(({ name }) => ({ name, isTemporary: true }) as const)
  const shared = [...OF_ALL.values()].map(({ name }) => ({ name, database: GLOBAL_TEMP, isTemporary: true }) as const)
  return [...own, ...shared]
}

/** Forgets a temporary view of all sessions, by its name without `global_temp`; tells whether there was one. */
export function dropGlobalTempView(name: string): boolean {
  return OF_ALL.delete(name.toLowerCase())
}

/** Forgets a temporary view; tells whether there was one. */
export function dropTempView(name: string): boolean {
  return views().delete(name.toLowerCase())
}
