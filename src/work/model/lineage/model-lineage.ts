import { MillraceError, unknownName } from '../../../base/kernel/index.ts'
import { compileNodes } from '../command/compile-nodes.ts'
import type { DbtDeps, DbtOptions } from '../command/options.ts'
import { connectTo } from '../command/run-node.ts'
import { openSession, type Session } from '../command/session.ts'
import { Relation } from '../context/relation.ts'
import type { Manifest } from '../node.ts'
import { relationOf } from '../node-names.ts'
import { type ColumnLineage, columnLineage } from './column-lineage.ts'
import { type ColumnTrace, traceColumn } from './trace-column.ts'

/** What `lineage` is asked for. */
export interface LineageRequest extends DbtOptions {
  /** `orders.amount`: a model, seed or `source.table`, and its column. */
  readonly column: string
  readonly direction: 'up' | 'down'
}

/**
 * Follows a column of a project's models. Nothing is built or written.
 * @throws MillraceError OPTION_INVALID, REF_NOT_FOUND for an unknown node; what reading the project throws
 */
export async function modelLineage(
  { column, direction, ...options }: LineageRequest,
  deps: DbtDeps,
): Promise<ColumnTrace> {
  const session = await openSession('compile', options, { ...deps, artifacts: false })
  const at = column.lastIndexOf('.')
  const [name, wanted] = [column.slice(0, Math.max(at, 0)), column.slice(at + 1)]
  if (name === '' || wanted === '') {
    throw new MillraceError('OPTION_INVALID', `--column ${column} names no column of a model`, {
      hint: 'Write --column MODEL.COLUMN, such as orders.amount.',
    })
  }
  const node = nodeNamed(session.manifest, name)
  const lineage = await projectLineage(session)
  const own = lineage[node]
  if (own && !Object.keys(own).some((one) => one.toLowerCase() === wanted.toLowerCase())) {
    throw unknownName('OPTION_INVALID', `the column of ${name}`, wanted, Object.keys(own))
  }
  return traceColumn(lineage, { node, column: wanted }, direction)
}

/** The column lineage of all models of a session, which are compiled for it unless they are already. */
export async function projectLineage(session: Session): Promise<ColumnLineage> {
  const models = [...session.manifest.nodes.values()].filter(({ resource_type: type }) => type === 'model')
  const open = models.filter(({ compiled_code: code }) => code === null)
  if (open.length > 0) await compileNodes({ ...session, deps: { ...session.deps, artifacts: false } }, open)
  return columnLineage(session.manifest, await heldColumns(session))
}

/** The columns of the relations that are not made by a model's query: seeds, snapshots, sources. */
async function heldColumns({ deps, manifest, invocation }: Session): Promise<Map<string, string[]>> {
  const held = new Map<string, string[]>()
  await using connection = await connectTo(deps, invocation.dialect)
  const nodes = [...manifest.nodes.values()].filter(({ resource_type: type }) => type === 'seed' || type === 'snapshot')
  const relations = [
    ...nodes.map(relationOf),
    ...[...manifest.sources.values()].map(
      ({ database, schema, identifier }) => new Relation({ database, schema, identifier }),
    ),
  ]
  for (const relation of relations) {
    const found = await invocation.dialect.relationAt(connection, relation)
    if (!found) continue
    const columns = await invocation.dialect.columnsOf(connection, found)
    const path = [relation.database, relation.schema, relation.identifier].join('.').toLowerCase()
    held.set(
      path,
      columns.map(({ name }) => name),
    )
  }
  return held
}

function nodeNamed(manifest: Manifest, name: string): string {
  for (const node of manifest.nodes.values()) {
    if (node.resource_type !== 'test' && (node.name === name || node.unique_id === name)) return node.unique_id
  }
  for (const source of manifest.sources.values()) {
    if (`${source.source_name}.${source.name}` === name || source.unique_id === name) return source.unique_id
  }
  const names = [...manifest.nodes.values()].filter((node) => node.resource_type !== 'test').map((node) => node.name)
  throw unknownName('REF_NOT_FOUND', 'the model', name, names)
}
