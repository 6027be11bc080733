import { rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DataType, MillraceError, type Value } from '../../base/kernel/index.ts'
import type { Expr } from './expr.ts'
import { childrenOf, type Pivot, type Plan, planHash, withChildren } from './plan.ts'
import { currentSession, type FrameSession } from './session.ts'
import { transposed } from './transposed.ts'

/** As many values a pivot makes columns of, at most; Spark's limit. */
const MOST_VALUES = 10_000

/**
 * A plan without what has to be computed before it can be compiled: what `cache` keeps is read from its files, and a
 * pivot knows its values.
 */
export async function readyPlan(plan: Plan, session: FrameSession): Promise<Plan> {
  if (!isUnready(plan)) return plan
  const ready = new Map<Plan, Plan>()
  for (const child of childrenOf(plan)) ready.set(child, await readyPlan(child, session))
  const made = withChildren(plan, (child) => ready.get(child) ?? child)
  if (made.op === 'cache')
    return { op: 'read', format: 'parquet', paths: [await kept(made.input, session)], options: {} }
  if (made.op === 'transpose') return transposed(made, session)
  if (made.op === 'aggregate' && made.pivot && made.pivot.values === undefined) {
    return { ...made, pivot: await withValues(made.input, made.pivot, session) }
  }
  return made
}

function isUnready(plan: Plan): boolean {
  if (plan.op === 'cache' || plan.op === 'transpose' || (plan.op === 'aggregate' && plan.pivot && !plan.pivot.values))
    return true
  return childrenOf(plan).some(isUnready)
}

async function withValues(input: Plan, pivot: Pivot, session: FrameSession): Promise<Pivot> {
  const { prepared } = await import('./actions.ts')
  const value: Expr = { kind: 'alias', name: 'value', arg: pivot.column }
  const different: Plan = { op: 'distinct', input: { op: 'project', input, columns: [value] } }
  const sorted: Plan = { op: 'sort', input: different, by: [{ kind: 'column', name: 'value' }] }
  const first: Plan = { op: 'limit', input: sorted, count: MOST_VALUES + 1 }
  return prepared(
    first,
    async ({ connection, compiled }) => {
      const rows = await connection.rows<{ value: Value }>(compiled.sql)
      if (rows.length > MOST_VALUES) {
        throw new MillraceError('FRAME_PLAN_INVALID', `pivot() finds more than ${MOST_VALUES} values`, {
          hint: 'Name the values that shall be columns: .pivot("column", ["a", "b"]).',
        })
      }
      const { fields } = await connection.describe(compiled.sql)
      const type = fields[0]?.type ?? { kind: 'null' }
      return { ...pivot, values: rows.map((row) => constant(row.value, type)) }
    },
    session,
  )
}

const AS_THEY_ARE = new Set(['boolean', 'integer', 'double', 'string'])

function constant(value: Value, type: DataType): Expr {
  if (value === null) return { kind: 'literal', value, type }
  if (value instanceof Uint8Array || typeof value === 'object') {
    throw new MillraceError('COLUMN_TYPE', `pivot() cannot make columns of values of ${type.kind}`, {
      hint: 'Cast the column to string first.',
    })
  }
  const plain = AS_THEY_ARE.has(type.kind) && typeof value !== 'bigint' ? value : String(value)
  return { kind: 'literal', value: plain, type }
}

/** The folders of what is kept, by session and the plan's hash. */
const KEPT = new WeakMap<FrameSession, Map<string, Promise<string>>>()
const FOLDERS = new Set<string>()

function keptIn(session: FrameSession): Map<string, Promise<string>> {
  const found = KEPT.get(session) ?? new Map<string, Promise<string>>()
  KEPT.set(session, found)
  return found
}

function kept(plan: Plan, session: FrameSession): Promise<string> {
  const all = keptIn(session)
  const hash = planHash(plan)
  const found = all.get(hash)
  if (found) return found
  const made = keep(plan, session)
  all.set(hash, made)
  // What failed is tried again by the next action.
  made.catch(() => all.delete(hash))
  return made
}

async function keep(plan: Plan, session: FrameSession): Promise<string> {
  const { writeFrame } = await import('./execute.ts')
  const folder = await mkdtemp(join(tmpdir(), 'millrace-cache-'))
  if (FOLDERS.size === 0) {
    process.once('exit', () => {
      for (const one of FOLDERS) rmSync(one, { recursive: true, force: true })
    })
  }
  FOLDERS.add(folder)
  const path = join(folder, 'rows')
  await writeFrame(session, { plan }, { path, format: 'parquet', mode: 'overwrite' })
  return path
}

/** Removes the files that `cache` has made for a plan, or for the plan under it. */
export async function forget(plan: Plan): Promise<void> {
  await forgetHash(keptIn(await currentSession()), planHash(plan.op === 'cache' ? plan.input : plan))
}

/** Removes all files that `cache` has made in the session. */
export async function forgetAll(): Promise<void> {
  const all = keptIn(await currentSession())
  for (const hash of [...all.keys()]) await forgetHash(all, hash)
}

async function forgetHash(all: Map<string, Promise<string>>, hash: string): Promise<void> {
  const path = await all.get(hash)
  all.delete(hash)
  if (path === undefined) return
  const folder = join(path, '..')
  FOLDERS.delete(folder)
  await rm(folder, { recursive: true, force: true })
}
