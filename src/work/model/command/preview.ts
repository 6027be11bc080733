import { createHash } from 'node:crypto'
import type { Row } from '../../../base/kernel/index.ts'
import { MillraceError } from '../../../base/kernel/index.ts'
import { type Sql, sql, trusted } from '../../../base/sql/index.ts'
import type { EngineConnection } from '../../../data/engine/index.ts'
import { compileNode } from '../compile.ts'
import type { Node } from '../node.ts'
import { relationOf } from '../node-names.ts'
import { newNode } from '../read/new-node.ts'
import { rootReader } from '../read/reader.ts'
import { withoutDatabase } from './no-introspection.ts'
import type { DbtOutput } from './output.ts'
import { connectTo } from './run-node.ts'
import type { Session } from './session.ts'

/** How many rows `show` answers when nobody says. */
const ROWS = 5

/**
 * `show`: the first rows of one node, or of SQL given on the command line, without building anything.
 * @throws MillraceError SELECTOR_INVALID unless one node is selected; what compiling and the engine throw
 */
export async function showNode(session: Session, nodes: readonly Node[]): Promise<DbtOutput> {
  const { options, deps, invocation } = session
  await using connection = await connectTo(deps, invocation.dialect)
  const inline = options.inline ?? options.inlineDirect
  const node = inline === undefined ? onlyNode('show', nodes) : inlineNode(session, inline)
  const asked = options.introspect === false ? withoutDatabase(invocation.dialect, deps.database) : connection
  const text = options.inlineDirect ?? (await rowsOf(session, node, asked))
  const header = node.config['sql_header']
  const head = typeof header === 'string' ? header.trim() : ''
  // A header that is no statement of its own begins the query, such as `with x as (…)`.
  if (head.endsWith(';')) await connection.script(head)
  const begun = head === '' || head.endsWith(';') ? sql`` : trusted(`${head}\n`)
  const limit = options.limit ?? ROWS
  const bounded =
    limit < 0
      ? sql`${begun}${trusted(bare(text))}`
      : sql`${begun}select * from (\n${trusted(bare(text))}\n) as preview limit ${limit}`
  return { kind: 'preview', name: node.name, inline: inline !== undefined, ...(await fetched(connection, bounded)) }
}

/** `compile` of one node or of SQL given on the command line: what it becomes. */
export async function compileInline(session: Session): Promise<DbtOutput> {
  await using connection = await connectTo(session.deps, session.invocation.dialect)
  const node = inlineNode(session, session.options.inline ?? '')
  return { kind: 'compiled', name: node.name, inline: true, sql: await compileNode(session, node, { connection }) }
}

async function rowsOf(session: Session, node: Node, connection: EngineConnection): Promise<string> {
  if (node.resource_type === 'seed') return `select * from ${relationOf(node).render()}`
  await session.plugins?.ready(session.manifest, node, connection)
  const text = await compileNode(session, node, { connection })
  await session.plugins?.readyNamed(connection)
  return text
}

function onlyNode(command: string, nodes: readonly Node[]): Node {
  const [node, ...rest] =
    nodes.filter(({ resource_type: type }) => type !== 'test').length > 0
      ? nodes.filter(({ resource_type: type }) => type !== 'test')
      : nodes
  if (node && rest.length === 0) return node
  throw new MillraceError('SELECTOR_INVALID', `${command} needs one node, but ${nodes.length} are selected`, {
    hint: 'Select one with --select NAME, or give SQL with --inline.',
  })
}

/** A node for SQL that stands in no file. */
function inlineNode({ invocation, templates }: Session, text: string): Node {
  const file = {
    file: 'inline',
    path: 'inline_query',
    originalPath: 'inline_query',
    text,
    sha256: createHash('sha256').update(text).digest('hex'),
  }
  const node = newNode(rootReader(invocation, templates), 'model', file, 'inline_query', undefined)
  return { ...node, unique_id: `sql_operation.${invocation.project.name}.inline_query`, alias: 'inline_query' }
}

async function fetched(connection: EngineConnection, statement: Sql) {
  const { chunkRows } = await import('../../../data/engine/index.ts')
  const result = await connection.query(statement)
  const rows: Row[] = []
  for await (const chunk of result) rows.push(...chunkRows(chunk, result.schema))
  return { schema: result.schema, rows }
}

/** A query without what ends it, so that it can stand in another. */
function bare(text: string): string {
  return text.replace(/[;\s]+$/, '')
}
