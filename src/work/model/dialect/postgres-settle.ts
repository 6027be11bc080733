import { createHash, randomUUID } from 'node:crypto'
import { MillraceError } from '../../../base/kernel/index.ts'
import { id, join, sql, trusted } from '../../../base/sql/index.ts'
import type { Relation } from '../context/relation.ts'
import type { MaterializationInput } from '../materialize/materialization.ts'
import { perform } from '../materialize/statements.ts'
import type { Node } from '../node.ts'
import { isTree, listed } from '../read/config-tree.ts'
import { persistDocs } from './persist-docs.ts'
import { columnsOf } from './postgres-catalog.ts'

/**
 * Creates the `indexes` of a node's configuration on a table.
 * @throws MillraceError MODEL_INVALID for an entry that is no index
 */
export async function createIndexes(input: MaterializationInput, table: Relation): Promise<void> {
  for (const entry of indexesOf(input.node)) {
    // A new name each time, because the table that is replaced still has its indexes.
    const name = createHash('md5')
      .update(`${table.render()} ${JSON.stringify(entry)} ${randomUUID()}`)
      .digest('hex')
    // Columns are the user's SQL: an index may be on an expression.
    const columns = join(entry.columns.map((column) => trusted(column)))
    const method = entry.type === undefined ? sql`` : sql` using ${id(entry.type)}`
    const unique = trusted(entry.unique ? 'unique ' : '')
    await perform(input, sql`create ${unique}index if not exists ${id(name)} on ${table.sql()}${method} (${columns})`)
  }
}

interface Index {
  readonly columns: readonly string[]
  readonly unique: boolean
  readonly type?: string
}

function indexesOf(node: Node): Index[] {
  const written = node.config['indexes']
  if (written === undefined || written === null) return []
  return (Array.isArray(written) ? written : [written]).map((entry: unknown): Index => {
    const columns = isTree(entry) ? listed(entry['columns']).map(String) : []
    const other = isTree(entry) ? Object.keys(entry).filter((key) => !['columns', 'unique', 'type'].includes(key)) : []
    if (!isTree(entry) || columns.length === 0 || other.length > 0) {
      throw new MillraceError('MODEL_INVALID', `building ${node.name}: an entry of \`indexes\` is no index`, {
        at: { file: node.original_file_path },
        hint: 'Write indexes as [{columns: [order_id], unique: true, type: btree}]; unique and type may be left out.',
      })
    }
    const { type } = entry
    return { columns, unique: entry['unique'] === true, ...(typeof type === 'string' ? { type } : {}) }
  })
}

/**
 * Applies `grants` and `persist_docs` of a node. `carried` tells whether the relation kept the rights it had, so
 * that what is no longer configured is revoked.
 */
export async function settle(input: MaterializationInput, relation: Relation, carried: boolean): Promise<void> {
  await applyGrants(input, relation, carried)
  await persistDocs(input, relation, (one) => columnsOf(input.connection, one))
}

async function applyGrants(input: MaterializationInput, relation: Relation, carried: boolean): Promise<void> {
  const { grants } = input.node.config
  if (!isTree(grants)) return
  const wanted = Object.entries(grants).flatMap(([privilege, grantees]) =>
    listed(grantees).map((grantee) => ({ privilege: privilege.toLowerCase(), grantee: String(grantee) })),
  )
  if (Object.keys(grants).length === 0) return
  const held = carried ? await grantsOn(input, relation) : []
  const missing = (from: readonly Grant[], grant: Grant): boolean => !from.some((one) => same(one, grant))
  for (const { privilege, grantee } of held.filter((grant) => missing(wanted, grant))) {
    const from = grantee === 'PUBLIC' ? trusted('public') : id(grantee)
    await perform(input, sql`revoke ${trusted(privilege)} on ${relation.sql()} from ${from}`)
  }
  for (const { privilege, grantee } of wanted.filter((grant) => missing(held, grant))) {
    // As in dbt the grantee is SQL: a role's name, a quoted one, or PUBLIC.
    await perform(input, sql`grant ${trusted(privilege)} on ${relation.sql()} to ${trusted(grantee)}`)
  }
}

interface Grant {
  readonly privilege: string
  readonly grantee: string
}

function same(one: Grant, other: Grant): boolean {
  return one.privilege === other.privilege && one.grantee.toLowerCase() === other.grantee.toLowerCase()
}

async function grantsOn({ connection }: MaterializationInput, relation: Relation): Promise<Grant[]> {
  return connection.rows<{ privilege: string; grantee: string }>(sql`
    select lower(privilege_type) as privilege, grantee
    from information_schema.role_table_grants
    where grantor = current_role and grantee != current_role
      and table_schema = ${relation.schema} and table_name = ${relation.identifier}`)
}
