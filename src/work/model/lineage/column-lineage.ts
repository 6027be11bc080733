import { sql } from '../../../base/sql/index.ts'
import type { EngineConnection } from '../../../data/engine/index.ts'
import { topological } from '../graph.ts'
import type { Manifest, Node } from '../node.ts'
import { relationOf } from '../node-names.ts'
import { type QueryColumn, queryColumns, type SyntaxNode } from './query-columns.ts'

/** A column of a node of the graph, or of a relation outside it. */
export interface LineageColumn {
  /** A unique id, or the path of a relation that no node stands for. */
  readonly node: string
  readonly column: string
}

/** The columns of each node and what they are made of: `{ 'model.shop.orders': { amount: [{ node, column }] } }`. */
export type ColumnLineage = Readonly<Record<string, Readonly<Record<string, readonly LineageColumn[]>>>>

/**
 * Follows the columns of compiled models through the graph. The SQL is read by DuckDB's own parser; a model that
 * it cannot read has no lineage. `held` gives the columns of what stands in the database already.
 */
export async function columnLineage(
  manifest: Manifest,
  held: ReadonlyMap<string, readonly string[]>,
): Promise<ColumnLineage> {
  const { openDuckDb } = await import('../../../data/engine/index.ts')
  await using engine = await openDuckDb()
  await using parser = await engine.connect()
  const byRelation = new Map<string, string>()
  const known = new Map<string, readonly string[]>(held)
  for (const source of manifest.sources.values()) {
    const path = [source.database, source.schema, source.identifier].join('.').toLowerCase()
    byRelation.set(path, source.unique_id)
    const declared = Object.values(source.columns).map(({ name }) => name)
    if (!known.has(path) && declared.length > 0) known.set(path, declared)
  }
  // A node wins over a source that stands for the same relation.
  for (const node of manifest.nodes.values())
    if (node.relation_name !== null) byRelation.set(pathOf(node), node.unique_id)
  const lineage: Record<string, Record<string, LineageColumn[]>> = {}
  for (const id of topological(manifest.parents)) {
    const node = manifest.nodes.get(id)
    if (node?.resource_type !== 'model' || node.compiled_code === null) continue
    const columns = await columnsOfQuery(parser, node.compiled_code, (path) => known.get(path))
    if (!columns) continue
    if (node.relation_name !== null)
      known.set(
        pathOf(node),
        columns.map(({ name }) => name),
      )
    lineage[id] = Object.fromEntries(
      columns.map(({ name, origins }) => [
        name,
        origins.map(({ relation, column }) => ({ node: byRelation.get(relation) ?? relation, column })),
      ]),
    )
  }
  return lineage
}

function pathOf(node: Node): string {
  const { database, schema, identifier } = relationOf(node)
  return [database, schema, identifier].join('.').toLowerCase()
}

async function columnsOfQuery(
  parser: EngineConnection,
  text: string,
  columnsOf: (path: string) => readonly string[] | undefined,
): Promise<readonly QueryColumn[] | undefined> {
  const [row] = await parser.rows<{ tree: string }>(
    sql`select json_serialize_sql(${text.replace(/[;\s]+$/, '')}::varchar)::varchar as tree`,
  )
  const parsed = JSON.parse(row?.tree ?? '{}') as { error?: boolean; statements?: { node: SyntaxNode }[] }
  const node = parsed.statements?.[0]?.node
  return parsed.error === true || !node ? undefined : queryColumns(node, columnsOf)
}
