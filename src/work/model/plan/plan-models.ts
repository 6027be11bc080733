import { asMillraceError, MillraceError } from '../../../base/kernel/index.ts'
import { sql, trusted } from '../../../base/sql/index.ts'
import type { EngineConnection } from '../../../data/engine/index.ts'
import { chooseNodes } from '../command/choose-nodes.ts'
import type { DbtDeps, DbtOptions } from '../command/options.ts'
import { addProjectHooks } from '../command/project-hooks.ts'
import { connectTo } from '../command/run-node.ts'
import { openSession, type Session } from '../command/session.ts'
import { compileNode } from '../compile.ts'
import type { Node } from '../node.ts'
import { relationOf } from '../node-names.ts'
import { readState } from '../state/read-state.ts'
import { type NodeChange, planChanges } from './plan-changes.ts'

/** What a column becomes. */
export interface ColumnChange {
  readonly column: string
  readonly before: string | null
  readonly after: string | null
}

/** A change with what it means for those who read the relation. */
export interface PlannedChange extends NodeChange {
  /** `breaking`: columns go or get another type; `additive`: only new ones come; `none`: the same columns. */
  readonly effect?: 'breaking' | 'additive' | 'none'
  readonly columns: readonly ColumnChange[]
  /** Why the columns could not be told, in the engine's words. */
  readonly unknown?: string
  /** Rows of what stands there now and is built anew. */
  readonly rows?: number
  /** How much of the database's storage those take, indexes with them; absent where it is not known. */
  readonly bytes?: number
}

/** What building the project as it is now would do. */
export interface ModelPlan {
  /** The folder of the state that it is compared with. */
  readonly state: string
  readonly changes: readonly PlannedChange[]
  /** Words of the selection that no node matches. */
  readonly unmatched: readonly string[]
}

/**
 * Compares a project with the state of an earlier run, and changed models with what stands in the database; builds
 * nothing and writes nothing.
 * @throws MillraceError PROJECT_NOT_FOUND without a state; what reading the project throws
 */
export async function planModels(options: DbtOptions, deps: DbtDeps): Promise<ModelPlan> {
  const session = await openSession('compile', options, { ...deps, artifacts: false })
  const { targetPath } = session.invocation.project
  const folder = options.state ?? targetPath
  const state = session.previous ?? (await readState(deps.dir, { folder, targetPath }))
  if (!state.manifest) {
    throw new MillraceError('PROJECT_NOT_FOUND', `there is no manifest.json in ${folder} to compare with`, {
      hint: 'Build the project once, or name the target folder of an earlier run with --state.',
    })
  }
  const selects = [options.select, options.exclude, options.selector].some((said) => said !== undefined)
  const chosen = selects ? chooseNodes('ls', options, session) : undefined
  const { ids: only, unmatched = [] } = chosen ?? {}
  // They are in the state's manifest, too.
  addProjectHooks(session)
  const changes = planChanges(session.manifest, state.manifest, only)
  if (changes.length === 0) return { state: folder, changes: [], unmatched }
  await using connection = await connectTo(deps, session.invocation.dialect)
  const planned: PlannedChange[] = []
  for (const change of changes) planned.push(await withEffect(session, change, connection))
  return { state: folder, changes: planned, unmatched }
}

async function withEffect(session: Session, change: NodeChange, connection: EngineConnection): Promise<PlannedChange> {
  const node = session.manifest.nodes.get(change.unique_id)
  const built = node && (node.resource_type === 'model' || node.resource_type === 'snapshot')
  if (!built || node.config.materialized === 'ephemeral') return { ...change, columns: [] }
  const existing = await session.invocation.dialect.relationAt(connection, relationOf(node))
  if (!existing) return { ...change, columns: [] }
  const rows = existing.is_table ? await rowsOf(connection, node) : undefined
  const bytes = existing.is_table ? await session.invocation.dialect.bytesOf(connection, existing) : undefined
  const known = { ...change, ...(rows === undefined ? {} : { rows }), ...(bytes === undefined ? {} : { bytes }) }
  if (change.change !== 'modified' || node.resource_type === 'snapshot') return { ...known, columns: [] }
  try {
    const compiled = await compileNode(session, node, { connection })
    const fresh = await connection.describe(trusted(compiled.replace(/[;\s]+$/, '')))
    const held = await connection.describe(sql`select * from ${relationOf(node).sql()}`)
    const columns = columnChanges(textTypes(held.fields), textTypes(fresh.fields))
    const breaking = columns.some(({ before }) => before !== null)
    return { ...known, columns, effect: breaking ? 'breaking' : columns.length > 0 ? 'additive' : 'none' }
  } catch (thrown) {
    const [unknown = ''] = asMillraceError(thrown).message.split('\n')
    return { ...known, columns: [], unknown }
  }
}

async function rowsOf(connection: EngineConnection, node: Node): Promise<number> {
  const [row] = await connection.rows<{ rows: number | bigint }>(
    sql`select count(*) as rows from ${relationOf(node).sql()}`,
  )
  return Number(row?.rows ?? 0)
}

function textTypes(fields: readonly { readonly name: string; readonly type: object }[]): Map<string, string> {
  return new Map(fields.map(({ name, type }) => [name, typeText(type)]))
}

function typeText(type: object): string {
  const { kind, ...rest } = type as { kind: string }
  return Object.keys(rest).length === 0 ? kind : `${kind} ${JSON.stringify(rest)}`
}

function columnChanges(held: ReadonlyMap<string, string>, fresh: ReadonlyMap<string, string>): ColumnChange[] {
  const names = [...new Set([...held.keys(), ...fresh.keys()])]
  return names
    .map((column) => ({ column, before: held.get(column) ?? null, after: fresh.get(column) ?? null }))
    .filter(({ before, after }) => before !== after)
}
