import { asMillraceError } from '../kernel/index.ts'
import type { GroupWriter } from './connection.ts'
import type { SqliteConnection } from './sqlite-connection.ts'
import { sqliteError } from './sqlite-error.ts'

/** Groups of writes on a connection to SQLite. */
export function sqliteWriter(connection: SqliteConnection): GroupWriter<SqliteConnection> {
  const act = connection.describe('writing')
  return {
    async begin() {
      // Immediate: the right to write is taken first, so that no statement in between finds it gone.
      await connection.patiently(act, () => connection.exec('begin immediate'))
      return connection
    },
    async attempt(work) {
      connection.exec('savepoint work')
      try {
        const result = await work()
        connection.exec('release work')
        return { result }
      } catch (thrown) {
        const coded = sqliteError(thrown, act)
        // SQLite undoes the whole transaction by itself on some errors, such as a full disk.
        if (!connection.inTransaction) throw asMillraceError(coded)
        connection.exec('rollback to work')
        connection.exec('release work')
        return { thrown: coded }
      }
    },
    async commit() {
      await connection.patiently(act, () => connection.exec('commit'))
    },
    async abandon() {
      if (connection.inTransaction) connection.exec('rollback')
    },
  }
}
