import { params } from '../../base/jinja/index.ts'
import { sql } from '../../base/sql/index.ts'
import type { EngineConnection } from '../../data/engine/index.ts'
import { Column } from './column.ts'
import { columnsOf, dropOf, relationAt } from './materialize/index.ts'
import { Relation } from './relation.ts'

/** Finds the implementation of a dispatched macro. */
export type Dispatch = (name: string, namespace: string | undefined) => unknown

/** `adapter` of templates: the parts of dbt's adapter that projects call. Without a connection it answers emptily, as dbt does while reading. */
export function adapterObject(connection: EngineConnection | undefined, dispatch: Dispatch): Record<string, unknown> {
  const columns = async (relation: Relation): Promise<Column[]> => {
    if (!connection) return []
    const found = await relationAt(connection, relation)
    return found ? columnsOf(connection, found) : []
  }
  return {
    dispatch: params(
      (name: string, namespace?: string | null) => dispatch(name, namespace ?? undefined),
      ['macro_name', 'macro_namespace'],
    ),
    type: () => 'duckdb',
    quote: (name: string) => new Column(name, '').quoted,
    get_columns_in_relation: columns,
    get_missing_columns: async (from: Relation, to: Relation) => {
      const known = new Set((await columns(to)).map(({ name }) => name.toLowerCase()))
      return (await columns(from)).filter(({ name }) => !known.has(name.toLowerCase()))
    },
    get_relation: params(
      async (database: string, schema: string, identifier: string) =>
        connection ? ((await relationAt(connection, new Relation({ database, schema, identifier }))) ?? null) : null,
      ['database', 'schema', 'identifier'],
    ),
    create_schema: async (relation: Relation) => {
      if (connection) await connection.execute(sql`create schema if not exists ${relation.without_identifier().sql()}`)
      return ''
    },
    drop_relation: async (relation: Relation) => {
      const found = connection && (await relationAt(connection, relation))
      if (connection && found) await connection.execute(dropOf(found))
      return ''
    },
  }
}
