import { basename, resolve } from 'node:path'
import { MillraceError } from '../../../base/kernel/index.ts'
import { type PostgresConfig, postgresConfig } from '../../../base/postgres/index.ts'
import { id, join, literal, type Sql, sql, trusted } from '../../../base/sql/index.ts'
import { type Engine, openDuckDb, openOwned, openPostgres } from '../../../data/engine/index.ts'
import type { Profile, ProfileOutput } from '../../../work/model/index.ts'
import { inMemory, profileDatabase } from './profile-target.ts'

type DuckDbOutput = Extract<ProfileOutput, { type: 'duckdb' }>
type PostgresOutput = Extract<ProfileOutput, { type: 'postgres' }>

/**
 * Opens the engine of a profile. A file of DuckDB may be open in another process of Millrace.
 * @throws MillraceError DATABASE_LOCKED, EXTENSION_MISSING, CONNECTION_…, MODEL_INVALID
 */
export async function openProfileEngine(dir: string, profile: Profile, signal?: AbortSignal): Promise<Engine> {
  const { output } = profile
  if (output.type === 'postgres') return openPostgres(postgresOf(output, dir), { schema: output.schema })
  const settings = {
    settings: { ...output.config_options, ...output.settings },
    extensions: (output.extensions ?? []).map((entry) => (typeof entry === 'string' ? entry : entry.name)),
  }
  const engine = inMemory(output)
    ? await openDuckDb(settings)
    : await openOwned(resolve(dir, output.path ?? ''), { ...settings, ...(signal ? { signal } : {}) })
  try {
    const database = profileDatabase(profile)
    const attached = (output.attach ?? []).some(({ path, alias }) => (alias ?? stem(path)) === database)
    if (database.toLowerCase() !== engine.database.toLowerCase() && !attached) {
      throw new MillraceError(
        'MODEL_INVALID',
        `the profile says \`database: ${database}\`, but the file's database is ${engine.database}`,
        { at: { file: profile.file }, hint: 'Take `database` out, or attach a database of that name.' },
      )
    }
    await prepare(engine, output, dir)
    return engine
  } catch (thrown) {
    await engine[Symbol.asyncDispose]()
    throw thrown
  }
}

function stem(path: string): string {
  return basename(path).replace(/\.[^.]*$/, '')
}

/** Creates the secrets of an output and attaches its databases. */
async function prepare(engine: Engine, output: DuckDbOutput, dir: string): Promise<void> {
  const statements = [...secretsOf(output), ...(output.attach ?? []).map((entry) => attachment(entry, dir))]
  if (statements.length === 0) return
  await using connection = await engine.connect()
  for (const statement of statements) await connection.execute(statement)
}

function secretsOf({ secrets }: DuckDbOutput): Sql[] {
  const list = Array.isArray(secrets)
    ? secrets
    : Object.entries(secrets ?? {}).map(([name, entry]) => ({ name, ...(entry as object) }))
  return (list as Record<string, unknown>[]).map((entry, index) => {
    const { name, type, persistent: _, ...rest } = entry
    const options = Object.entries({ type, ...rest }).map(([key, value]) => option(key, value))
    const named = id(String(name ?? `__default_${String(type)}_${index}`))
    return sql`create or replace secret ${named} (${join(options)})`
  })
}

function attachment(entry: NonNullable<DuckDbOutput['attach']>[number], dir: string): Sql {
  const { path, alias, type, read_only: readOnly, options = {} } = entry
  // An address or a connection string stays as it is.
  const place = type === undefined && !/^[\w+]+:/.test(path) && path !== ':memory:' ? resolve(dir, path) : path
  const parts = [
    ...(type === undefined ? [] : [sql`type ${trusted(word(type))}`]),
    ...(readOnly === true ? [sql`read_only`] : []),
    ...Object.entries(options).map(([key, value]) => option(key, value)),
  ]
  const listed = parts.length === 0 ? sql`` : sql` (${join(parts)})`
  return sql`attach if not exists ${literal(place)} as ${id(alias ?? stem(path))}${listed}`
}

function option(key: string, value: unknown): Sql {
  const name = trusted(word(key))
  if (Array.isArray(value)) return sql`${name} (${join(value.map((one) => literal(String(one))))})`
  if (key === 'type' || key === 'provider') return sql`${name} ${trusted(word(String(value)))}`
  return typeof value === 'boolean' || typeof value === 'number'
    ? sql`${name} ${trusted(String(value))}`
    : sql`${name} ${literal(String(value))}`
}

function word(text: string): string {
  if (/^\w+$/.test(text)) return text
  throw new MillraceError('MODEL_INVALID', `"${text}" is not the name of an option of DuckDB`)
}

function postgresOf(output: PostgresOutput, dir: string): PostgresConfig {
  const { host, user, port, sslmode, sslcert, sslkey, sslrootcert, connect_timeout: timeout } = output
  const password = output.password ?? output.pass
  const options = [
    ...(output.role === undefined ? [] : [`-c role=${output.role}`]),
    ...(output.search_path === undefined ? [] : [`-c search_path=${output.search_path.replaceAll(' ', '')}`]),
  ]
  const given = {
    host,
    user,
    port,
    database: output.dbname ?? output.database ?? user,
    password,
    sslmode,
    sslcert,
    sslkey,
    sslrootcert,
    connect_timeout: timeout,
    application_name: output.application_name ?? 'dbt',
    options: options.length > 0 ? options.join(' ') : undefined,
  }
  const known = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
  return postgresConfig('the profile', known as Parameters<typeof postgresConfig>[1], process.env, dir)
}
