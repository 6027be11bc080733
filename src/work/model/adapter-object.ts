import { params } from '../../base/jinja/index.ts'
import { MillraceError } from '../../base/kernel/index.ts'
import { id, sql } from '../../base/sql/index.ts'
import type { EngineConnection } from '../../data/engine/index.ts'
import type { Column } from './column.ts'
import type { ModelDialect } from './dialect/index.ts'
import { Relation } from './relation.ts'

/** Finds the implementation of a dispatched macro. */
export type Dispatch = (name: string, namespace: string | undefined) => unknown

/** `adapter` of templates: the parts of dbt's adapter that projects call. Without a connection it answers emptily, as dbt does while reading. */
export function adapterObject(
  dialect: ModelDialect,
  connection: EngineConnection | undefined,
  dispatch: Dispatch,
): Record<string, unknown> {
  const find = async (relation: Relation): Promise<Relation | undefined> =>
    connection && (await dialect.relationAt(connection, relation))
  const columns = async (relation: Relation): Promise<Column[]> => {
    const found = await find(relation)
    return found && connection ? dialect.columnsOf(connection, found) : []
  }
  const quote = (name: string): string => dialect.column(name, '').quoted
  return {
    dispatch: params(
      (name: string, namespace?: string | null) => dispatch(name, namespace ?? undefined),
      ['macro_name', 'macro_namespace'],
    ),
    type: () => dialect.adapter,
    quote,
    quote_as_configured: quote,
    quote_seed_column: (name: string, quoted?: unknown) => (quoted === false ? name : quote(name)),
    get_columns_in_relation: columns,
    get_missing_columns: async (from: Relation, to: Relation) => {
      const known = new Set((await columns(to)).map(({ name }) => dialect.fold(name)))
      return (await columns(from)).filter(({ name }) => !known.has(dialect.fold(name)))
    },
    get_relation: params(
      async (database: string, schema: string, identifier: string) =>
        (await find(new Relation({ database, schema, identifier }))) ?? null,
      ['database', 'schema', 'identifier'],
    ),
    check_schema_exists: params(
      async (_database: string, schema: string) => {
        if (!connection) return false
        const rows = await connection.rows(
          sql`select 1 as there from information_schema.schemata where schema_name = ${schema}`,
        )
        return rows.length > 0
      },
      ['database', 'schema'],
    ),
    create_schema: async (relation: Relation) => {
      if (connection) await dialect.createSchema(connection, relation)
      return ''
    },
    drop_schema: async (relation: Relation) => {
      if (connection) await connection.execute(sql`drop schema if exists ${id(relation.schema)} cascade`)
      return ''
    },
    drop_relation: async (relation: Relation) => {
      const found = await find(relation)
      if (connection && found) await connection.execute(dialect.drop(found))
      return ''
    },
    rename_relation: params(
      async (from: Relation, to: Relation) => {
        const found = await find(from)
        if (connection && found) await connection.execute(dialect.rename(found, to.identifier))
        return ''
      },
      ['from_relation', 'to_relation'],
    ),
    truncate_relation: async (relation: Relation) => {
      if (connection) await connection.execute(sql`truncate table ${relation.sql()}`)
      return ''
    },
    verify_database: (name: string) => {
      const database = name.replace(/^"(.*)"$/, '$1')
      if (!connection || database.toLowerCase() === connection.engine.database.toLowerCase()) return ''
      throw new MillraceError(
        'MODEL_INVALID',
        `Cross-db references not allowed in ${dialect.adapter} (${database} vs ${connection.engine.database})`,
      )
    },
  }
}
