import { id, literal, type Sql, sql, trusted } from '../../../base/sql/index.ts'
import type { Column } from '../context/column.ts'
import type { Relation } from '../context/relation.ts'
import type { MaterializationInput } from '../materialize/materialization.ts'
import { perform } from '../materialize/statements.ts'
import { isTree } from '../read/config-tree.ts'

/** Whether anything of a node is to be written into the database as a comment. */
export function keepsDocs({ config }: MaterializationInput['node']): boolean {
  const wanted = config['persist_docs']
  return isTree(wanted) && (wanted['relation'] === true || wanted['columns'] === true)
}

/**
 * Writes a node's descriptions into the database as comments, as far as its `persist_docs` asks for it: of the
 * relation, and of those described columns that it has under that very name.
 */
export async function persistDocs(
  input: MaterializationInput,
  relation: Relation,
  columnsOf: (relation: Relation) => Promise<readonly Column[]>,
): Promise<void> {
  const { node } = input
  const wanted = isTree(node.config['persist_docs']) ? node.config['persist_docs'] : {}
  if (wanted['relation'] === true && node.description !== '') {
    await perform(input, comment(relation.is_view ? 'view' : 'table', relation.sql(), node.description))
  }
  const described = Object.entries(node.columns)
  if (wanted['columns'] !== true || described.length === 0) return
  const known = new Set((await columnsOf(relation)).map(({ name }) => name))
  const folded = new Set([...known].map((name) => name.toLowerCase()))
  const missing = described
    .filter(([name, { quote }]) => !(quote ? known.has(name) : folded.has(name.toLowerCase())))
    .map(([name]) => name)
  if (missing.length > 0) {
    input.log(
      `In relation ${relation.render()}: The following columns are specified in the schema but are not present in the database: ${missing.join(', ')}`,
    )
  }
  for (const [name, { description }] of described) {
    if (known.has(name)) await perform(input, comment('column', sql`${relation.sql()}.${id(name)}`, description))
  }
}

function comment(kind: string, on: Sql, text: string): Sql {
  return sql`comment on ${trusted(kind)} ${on} is ${literal(text)}`
}
