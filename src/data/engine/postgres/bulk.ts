import { MillraceError } from '../../../base/kernel/index.ts'
import { id, inline, join, sql } from '../../../base/sql/index.ts'
import type { BulkPort, EngineConnection } from '../contract.ts'
import { PostgresConnection } from './connection.ts'
import { copyCsv } from './copy-text.ts'
import { loadable } from './loadable.ts'
import { postgresSchema } from './types.ts'

/** Rows in and out of PostgreSQL by COPY. */
export const postgresBulk: BulkPort = {
  async unload(query, on, options = {}) {
    const connection = own(on)
    const fields = await connection.fields(query, options)
    const bytes = connection.copyOut(copyCsv(inline(query, 'postgres'), fields), options)
    return { schema: postgresSchema(fields), bytes }
  },
  load(table, schema, bytes, on, options = {}) {
    const columns = schema.fields.map(({ name }) => id(name))
    const copy = sql`copy ${table} (${join(columns)}) from stdin with (format csv, null '', encoding 'UTF8')`
    return own(on).copyIn(inline(copy, 'postgres'), bytes, options)
  },
  loadable,
}

function own(connection: EngineConnection): PostgresConnection {
  if (connection instanceof PostgresConnection) return connection
  throw new MillraceError('INTERNAL', 'the bulk port of PostgreSQL was given a connection of another engine')
}
