import { existsSync } from 'node:fs'
import { homedir, userInfo } from 'node:os'
import { join, resolve } from 'node:path'
import { MillraceError, milliseconds, unknownName } from '../kernel/index.ts'
import { type PostgresConfig, SSL_MODES, type SslMode } from './contract.ts'
import type { PostgresOptionsInput } from './options.ts'
import { passwordFromFile } from './password-file.ts'

const CONNECT_TIMEOUT_MS = 15_000

/** Variables of the environment, as the door has them. */
export type Environment = Readonly<Record<string, string | undefined>>

/** libpq, "Environment Variables". */
const VARIABLES = {
  host: 'PGHOST',
  port: 'PGPORT',
  database: 'PGDATABASE',
  user: 'PGUSER',
  password: 'PGPASSWORD',
  sslmode: 'PGSSLMODE',
  sslrootcert: 'PGSSLROOTCERT',
  sslcert: 'PGSSLCERT',
  sslkey: 'PGSSLKEY',
  connect_timeout: 'PGCONNECT_TIMEOUT',
  application_name: 'PGAPPNAME',
  options: 'PGOPTIONS',
} as const

type Key = keyof typeof VARIABLES
type Given = { readonly [K in Key]?: string | number | undefined }

/**
 * Where to connect to, from checked options or a `postgresql://` address. What is missing is filled from the `PG…`
 * variables, `~/.pgpass` (`PGPASSFILE`) and `~/.postgresql/`, as libpq does; the host is `localhost` by default. Files
 * that the options name are looked for from `dir`.
 * @throws MillraceError OPTION_INVALID, OPTION_UNKNOWN; neither shows the address, which may hold a password
 */
export function postgresConfig(
  name: string,
  options: PostgresOptionsInput | string,
  environment: Environment,
  dir = '.',
): PostgresConfig {
  const { url, ...given } = typeof options === 'string' ? { url: options } : options
  const fromUrl = url === undefined ? {} : readUrl(name, url)
  const pick = (key: Key): string | number | undefined =>
    (given as Given)[key] || fromUrl[key] || environment[VARIABLES[key]] || undefined
  const text = (key: Key): string | undefined => {
    const value = pick(key)
    return value === undefined ? undefined : String(value)
  }

  const host = text('host') ?? 'localhost'
  const port = readPort(name, text('port') ?? '5432')
  const user = text('user') ?? userInfo().username
  const database = text('database') ?? user
  const password = text('password') ?? passwordFromFile({ host, port, database, user }, environment)
  const options_ = text('options')
  const personal = (key: Key, file: string): object => {
    const usual = join(homedir(), '.postgresql', file)
    const path = text(key) ?? (existsSync(usual) ? usual : undefined)
    return path === undefined ? {} : { [key]: path === 'system' ? path : resolve(dir, path) }
  }
  return {
    name,
    host,
    port,
    database,
    user,
    ...(password === undefined ? {} : { password }),
    sslmode: readSslMode(name, text('sslmode') ?? 'prefer'),
    ...personal('sslrootcert', 'root.crt'),
    ...personal('sslcert', 'postgresql.crt'),
    ...personal('sslkey', 'postgresql.key'),
    connectTimeoutMs: readTimeout(pick('connect_timeout')),
    applicationName: text('application_name') ?? 'millrace',
    ...(options_ === undefined ? {} : { options: options_ }),
  }
}

/** A connection for people: `shop_db (ana@localhost:5432/shop)`. Holds no secret. */
export function describePostgres({ name, user, host, port, database }: PostgresConfig): string {
  return `${name} (${user}@${host}:${port}/${database})`
}

function readUrl(name: string, written: string): Given {
  const refuse = (what: string, hint: string) =>
    new MillraceError('OPTION_INVALID', `reading the address of the connection ${name}: ${what}`, { hint })
  const hint = 'Write postgresql://user:password@host:port/database?sslmode=require, with special characters as %XX.'
  if (!/^postgres(ql)?:\/\//.test(written)) throw refuse('it does not begin with postgresql://', hint)
  const parsed = URL.parse(written)
  if (parsed === null) throw refuse('it is no valid address', hint)
  if (parsed.hostname.includes(',')) throw refuse('it names several hosts', 'Name one host.')
  let given: Record<string, string>
  try {
    given = {
      host: decodeURIComponent(parsed.hostname).replace(/^\[(.*)\]$/, '$1'),
      port: parsed.port,
      database: decodeURIComponent(parsed.pathname.slice(1)),
      user: decodeURIComponent(parsed.username),
      password: decodeURIComponent(parsed.password),
    }
  } catch {
    throw refuse('a % in it is not followed by two hexadecimal digits', hint)
  }
  for (const [key, value] of parsed.searchParams) {
    const known = key === 'dbname' ? 'database' : key
    if (!(known in VARIABLES)) {
      throw unknownName(
        'OPTION_UNKNOWN',
        `the connection ${name}: the option of its address`,
        key,
        Object.keys(VARIABLES),
      )
    }
    given[known] = value
  }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ''))
}

function readPort(name: string, written: string): number {
  const port = Number(written)
  if (Number.isInteger(port) && port >= 1 && port <= 65535) return port
  throw new MillraceError('OPTION_INVALID', `port "${written}" of the connection ${name} is not a port`, {
    hint: 'Write a number from 1 to 65535.',
  })
}

function readSslMode(name: string, written: string): SslMode {
  const mode = SSL_MODES.find((one) => one === written)
  if (mode !== undefined) return mode
  throw new MillraceError(
    'OPTION_INVALID',
    `sslmode "${written}" of the connection ${name} is not one of ${SSL_MODES.join(', ')}`,
  )
}

/** A number alone is seconds, as in libpq, where 0 means to wait for ever. */
function readTimeout(written: string | number | undefined): number {
  if (written === undefined || written === '') return CONNECT_TIMEOUT_MS
  const seconds = Number(written)
  if (!Number.isNaN(seconds)) return seconds * 1000
  return milliseconds(written)
}
