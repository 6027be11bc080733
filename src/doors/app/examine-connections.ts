import { asMillraceError } from '../../base/kernel/index.ts'
import { connectPostgres, describePostgres, type PostgresConfig } from '../../base/postgres/index.ts'
import type { Connection, Connections, ProjectConfig } from '../../base/project/index.ts'
import { type ObjectStoreKind, openStore } from '../../base/store/index.ts'
import { SOURCE_KINDS } from '../../data/connect/index.ts'
import type { Finding } from './doctor.ts'
import { postgresOf } from './open-postgres.ts'
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
        return { what, state: 'ok', says: await tried(connection, connections, dir, urls) }
      } catch (thrown) {
        const { code, message, hint } = asMillraceError(thrown)
        // Without its secret a connection hinders only what uses it.
        const state = code === 'SECRET_MISSING' || code === 'DEPENDENCY_MISSING' ? 'missing' : 'wrong'
        return { what, state, says: `${code}: ${message}`, ...(hint === undefined ? {} : { hint }) }
      }
    }),
  )
}

async function tried(
  { name, kind, options }: Connection,
  connections: Connections,
  dir: string,
  urls: readonly string[],
): Promise<string> {
  const signal = AbortSignal.timeout(TRY_MS)
  switch (kind) {
    case 'postgres':
      return triedPostgres(postgresOf(connections, name, dir), signal)
    case 's3':
    case 'gcs':
    case 'azure':
      return triedBuckets(name, kind, options as object, dir, urls)
    default:
      return triedSource(name, kind, options, dir, signal)
  }
}

async function triedPostgres(config: PostgresConfig, signal: AbortSignal): Promise<string> {
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

async function triedSource(
  connection: string,
  kind: string,
  options: unknown,
  dir: string,
  signal: AbortSignal,
): Promise<string> {
  const source = SOURCE_KINDS.find((each) => each.name === kind)
  if (source?.reads !== 'rows') return `of the kind ${kind}; tried when it is used`
  await using _reader = await source.open(options as never, { connection, dir, environment: process.env, signal })
  return `a source of the kind ${kind}; connected`
}

async function triedBuckets(
  name: string,
  kind: ObjectStoreKind,
  options: object,
  dir: string,
  urls: readonly string[],
): Promise<string> {
  for (const url of urls) {
    for await (const _ of openStore(url, { base: dir, [kind]: options, connection: name }).list('')) break
  }
  return urls.length === 0 ? 'no storage uses it' : `reads ${urls.join(', ')}`
}
