import { onTestFinished } from 'vitest'
import { postgresConfig } from '../../../src/base/postgres/index.ts'
import { type Engine, openPostgres } from '../../../src/data/engine/index.ts'
import { administer, freshDatabase } from '../../services/postgres.ts'
import { type DbtFolder, dbtFolder } from './dbt-folder.ts'

/** A dbt project with a PostgreSQL database of its own. */
export interface PostgresFolder extends DbtFolder {
  readonly url: string
}

/** A folder whose models are built by PostgreSQL in `public`; `user` logs in instead of the superuser. */
export async function postgresFolder(
  files: Readonly<Record<string, string>>,
  login: (url: URL, name: string) => Promise<URL> = async (url) => url,
): Promise<PostgresFolder> {
  const database = await freshDatabase()
  onTestFinished(() => database[Symbol.asyncDispose]())
  await administer(`alter database ${database.name} set timezone = 'UTC'`)
  const url = await login(new URL(database.url), database.name)
  const folder = await dbtFolder(files, async () => ({ engine: await openOn(url.href), schema: 'public' }))
  return { ...folder, url: database.url }
}

function openOn(url: string): Promise<Engine> {
  return openPostgres(postgresConfig('warehouse', url, {}), { schema: 'public' })
}
