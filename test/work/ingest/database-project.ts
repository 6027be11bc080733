import { createConnection } from 'mysql2/promise'
import { Client } from 'pg'
import { postgresOptions } from '../../../src/base/postgres/index.ts'
import { mariadbOptions } from '../../../src/data/connect/index.ts'
import type { ConnectionLookup } from '../../../src/work/ingest/index.ts'
import { type Folder, folder } from '../../data/connect/folder.ts'
import { freshMariadb } from '../../services/mariadb.ts'
import { freshDatabase } from '../../services/postgres.ts'

/** A project with one source `shop` over the connection `shop_db`, and the database behind it. */
export interface DatabaseProject extends Folder {
  readonly url: string
  readonly connections: ConnectionLookup
  /** Runs statements on the server, outside of what is tested. */
  run(text: string): Promise<void>
  /** Writes the tables of the source; the text is indented by four spaces. */
  tables(text: string): Promise<void>
}

/** Opens a project over an empty database of its own. */
export async function databaseProject(kind: 'postgres' | 'mariadb'): Promise<DatabaseProject> {
  const database = kind === 'postgres' ? await freshDatabase() : await freshMariadb()
  const made = await folder()
  const close = await session(kind, database.url)
  return {
    dir: made.dir,
    write: made.write,
    url: database.url,
    connections: connectionsOf(kind, database.url),
    run: close.run,
    tables: (text) => made.write('sources/shop.yml', `connection: shop_db\ntables:\n${text}`),
    async [Symbol.asyncDispose]() {
      await close.end()
      await database[Symbol.asyncDispose]()
      await made[Symbol.asyncDispose]()
    },
  }
}

/** The one connection of such a project. */
export function connectionsOf(kind: 'postgres' | 'mariadb', url: string, more: object = {}): ConnectionLookup {
  const schema = kind === 'postgres' ? postgresOptions : mariadbOptions
  return () => ({ kind, options: schema.parse({ url, ...more }) })
}

async function session(kind: 'postgres' | 'mariadb', url: string) {
  if (kind === 'mariadb') {
    const connection = await createConnection({ uri: url, multipleStatements: true, timezone: 'Z' })
    await connection.query("set time_zone = '+00:00', sql_mode = ''")
    return { run: async (text: string) => void (await connection.query(text)), end: () => connection.end() }
  }
  const client = new Client({ connectionString: url })
  // Tests end the server's sessions.
  client.on('error', () => undefined)
  await client.connect()
  return { run: async (text: string) => void (await client.query(text)), end: () => client.end() }
}
