import { asMillraceError } from '../../base/kernel/index.ts'
import type { Connection, ProjectConfig } from '../../base/project/index.ts'
import { openStore, type S3Options } from '../../base/store/index.ts'
import type { Finding } from './doctor.ts'
import type { Sections } from './sections.ts'

/** How long to try one connection, in milliseconds. */
const TRY_MS = 10_000

/** Tries every connection of a project, all at once, and says what is at its other end. Never shows a secret. */
export async function examineConnections({ dir, connections, sections }: ProjectConfig): Promise<Finding[]> {
  const { storage } = sections as unknown as Pick<Sections, 'storage'>
  return Promise.all(
    connections.names.map(async (name): Promise<Finding> => {
      const what = `connection ${name}`
      try {
        const connection = connections.find(name)
        const urls = Object.values(storage).flatMap((one) => (one.connection === name ? [one.url] : []))
        return { what, state: 'ok', says: await tried(connection, dir, urls) }
      } catch (thrown) {
        const { code, message, hint } = asMillraceError(thrown)
        // Without its secret a connection hinders only what uses it.
        const state = code === 'SECRET_MISSING' || code === 'DEPENDENCY_MISSING' ? 'missing' : 'wrong'
        return { what, state, says: `${code}: ${message}`, ...(hint === undefined ? {} : { hint }) }
      }
    }),
  )
}

async function tried({ name, kind, options }: Connection, dir: string, urls: readonly string[]): Promise<string> {
  const signal = AbortSignal.timeout(TRY_MS)
  switch (kind) {
    case 'postgres':
      return triedPostgres(name, options, signal)
    case 's3':
      return triedBuckets(name, options as S3Options, dir, urls)
    default:
      return `of the kind ${kind}; tried when it is used`
  }
}

async function triedPostgres(name: string, options: unknown, signal: AbortSignal): Promise<string> {
  const { connectPostgres, describePostgres, postgresConfig } = await import('../../base/postgres/index.ts')
  const config = postgresConfig(name, options as Parameters<typeof postgresConfig>[1], process.env)
  await using session = await connectPostgres(config, { signal })
  const { rows } = await session.query(
    `select current_setting('server_version'), has_database_privilege(current_database(), 'create'),
       coalesce((select ssl from pg_stat_ssl where pid = pg_backend_pid()), false)`,
    [],
    { signal },
  )
  const [version, creates, tls] = rows[0] ?? []
  const rights = creates === 't' ? 'may create schemas' : 'may not create schemas: a source, not a target'
  return `PostgreSQL ${version} as ${describePostgres(config)}${tls === 't' ? ', TLS' : ''}; ${rights}`
}

async function triedBuckets(name: string, s3: S3Options, dir: string, urls: readonly string[]): Promise<string> {
  for (const url of urls) {
    for await (const _ of openStore(url, { base: dir, s3, connection: name }).list('')) break
  }
  return urls.length === 0 ? 'no storage uses it' : `reads ${urls.join(', ')}`
}
