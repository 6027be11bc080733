import { type DataType, MillraceError, sqlTypeName, unknownName } from '../../../base/kernel/index.ts'
import { join, type Sql, sql, trusted } from '../../../base/sql/index.ts'
import type { EngineConnection } from '../../../data/engine/index.ts'
import { columnsWithConstraints, modelConstraints } from '../constraint-text.ts'
import type { ModelDialect } from '../dialect/index.ts'
import type { Node } from '../node.ts'
import { isTree, type Tree } from '../read/config-tree.ts'
import { contractMismatches, contractText, type TypedColumn } from './contract-mismatch.ts'

const MATERIALIZED = ['table', 'view', 'incremental', 'ephemeral'] as const

/** Whether a node promises its columns: `contract: {enforced: true}`. */
export function isEnforced({ config }: Pick<Node, 'config'>): boolean {
  const { contract } = config
  return isTree(contract) && contract['enforced'] === true
}

/**
 * Refuses a contract that cannot be kept, before anything runs.
 * @throws MillraceError MODEL_INVALID at the model's file
 */
export function checkContract(node: Node): void {
  if (!isEnforced(node)) return
  const at = { file: node.original_file_path }
  const columns = Object.values(node.columns)
  const untyped = columns.filter((column) => !column.data_type).map(({ name }) => name)
  if (columns.length === 0 || untyped.length > 0) {
    const lack = columns.length === 0 ? 'no columns are described' : `data_type is missing for ${untyped.join(', ')}`
    throw new MillraceError('MODEL_INVALID', `reading the contract of ${node.name}: ${lack}`, {
      at,
      hint: 'A contract names every column with its data_type in a properties file.',
    })
  }
  const { materialized } = node.config
  if (!MATERIALIZED.some((one) => one === materialized)) {
    throw unknownName(
      'MODEL_INVALID',
      `reading the contract of ${node.name}: the materialization`,
      materialized,
      MATERIALIZED,
      { at },
    )
  }
  const change = node.config['on_schema_change']
  if (materialized === 'incremental' && change !== 'append_new_columns' && change !== 'fail') {
    throw new MillraceError(
      'MODEL_INVALID',
      `reading the contract of ${node.name}: on_schema_change is ${String(change ?? 'ignore')}`,
      { at, hint: 'An incremental model with a contract needs on_schema_change: append_new_columns or fail.' },
    )
  }
}

/**
 * Refuses a query whose columns are not those that its model promises.
 * @throws MillraceError MODEL_CONTRACT_BROKEN with dbt's table of what differs
 */
export async function keepContract(
  node: Node,
  query: Sql,
  { connection, dialect }: { readonly connection: EngineConnection; readonly dialect: ModelDialect },
): Promise<void> {
  if (!isEnforced(node)) return
  // The names of types are the engine's own on both sides.
  const declared = Object.values(node.columns).map(
    (column) =>
      sql`cast(null as ${trusted(String(column.data_type))}) as ${trusted(column.quote ? dialect.column(column.name, '').quoted : column.name)}`,
  )
  const contract = await typedColumns(sql`select ${join(declared)}`, connection, dialect)
  const definition = await typedColumns(query, connection, dialect)
  const mismatches = contractMismatches(contract, definition)
  if (mismatches.length === 0) return
  throw new MillraceError('MODEL_CONTRACT_BROKEN', `building ${node.name}: ${contractText(mismatches, contract)}`, {
    at: { file: node.original_file_path },
    hint: 'Change the query, or the columns in the properties file.',
    data: { mismatches: mismatches.map((one) => ({ ...one })) },
  })
}

/** The columns a query would have, with the engine's names of their types; PostgreSQL's as they are told of. */
export async function typedColumns(
  query: Sql,
  connection: EngineConnection,
  dialect: ModelDialect,
  nameOf: (type: DataType) => string = ({ kind }) => kind,
): Promise<TypedColumn[]> {
  if (dialect.adapter === 'duckdb') {
    const rows = await connection.rows<{ column_name: string; column_type: string }>(
      sql`select column_name, column_type from (describe select * from (${query}) sbq)`,
    )
    return rows.map(({ column_name, column_type }) => ({ name: column_name, type: column_type }))
  }
  const { fields } = await connection.describe(sql`select * from (${query}) sbq`)
  return fields.map(({ name, type, metadata }) => ({ name, type: String(metadata?.['postgres'] ?? nameOf(type)) }))
}

/** The same with types that values can be cast to. */
export function castableColumns(
  query: Sql,
  connection: EngineConnection,
  dialect: ModelDialect,
): Promise<TypedColumn[]> {
  return typedColumns(query, connection, dialect, (type) => sqlTypeName(type, dialect.adapter))
}

/** The columns of a table with a contract as DDL, with the constraints that the engine enforces. */
export function contractColumns(node: Node, dialect: ModelDialect): Sql {
  const columns = columnsWithConstraints(
    Object.values(node.columns) as unknown as Tree[],
    (name) => dialect.column(name, '').quoted,
  )
  const constraints = modelConstraints(((node.constraints ?? []) as unknown[]).filter(isTree))
  // They are the user's SQL.
  return join([...columns, ...constraints].map((text) => trusted(text)))
}

/** The names of a contract's columns, in its order. */
export function contractNames(node: Node, dialect: ModelDialect): Sql {
  return join(
    Object.values(node.columns).map(({ name, quote }) => trusted(quote ? dialect.column(name, '').quoted : name)),
  )
}
