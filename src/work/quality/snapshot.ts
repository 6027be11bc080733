import { sql } from '../../base/sql/index.ts'
import type { EngineConnection } from '../../data/engine/index.ts'

/**
 * Runs reads that all see the data of one moment, whoever writes meanwhile. A transaction of DuckDB is such a moment;
 * one of PostgreSQL is when it is told so before its first statement, and then writes nothing either.
 */
export async function atOneMoment<T>(connection: EngineConnection, work: () => Promise<T>): Promise<T> {
  return connection.transaction(async () => {
    if (connection.engine.dialect === 'postgres') {
      await connection.execute(sql`set transaction isolation level repeatable read, read only`)
    }
    return work()
  })
}
