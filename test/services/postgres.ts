import { randomBytes } from 'node:crypto'
import { dirname } from 'node:path'
import { Client } from 'pg'
import { reachable } from './reachable.ts'

/** The server of scripts/services/start-postgres.sh, or the one that MILLRACE_TEST_POSTGRES names. */
export const postgresUrl =
  process.env.MILLRACE_TEST_POSTGRES ?? 'postgresql://millrace:millrace@127.0.0.1:55432/millrace'

/** Whether the server is there; tests that need it are skipped without. One that was named must be. */
export const hasPostgres =
  process.env.MILLRACE_TEST_POSTGRES !== undefined ||
  (await reachable(new URL(postgresUrl).hostname, Number(new URL(postgresUrl).port || 5432)))

/** Belongs into the name of such tests, so that a skipped one says how it is enabled. */
export const POSTGRES_HINT = 'enable: scripts/services/start-postgres.sh'

/** Makes an empty database of its own, which is dropped when it is disposed of, whoever is still connected to it. */
export async function freshDatabase(): Promise<{ readonly url: string; readonly name: string } & AsyncDisposable> {
  const name = `test_${randomBytes(6).toString('hex')}`
  await administer(`create database ${name}`)
  const url = new URL(postgresUrl)
  url.pathname = `/${name}`
  return {
    url: url.href,
    name,
    [Symbol.asyncDispose]: async () => {
      await administer(`drop database if exists ${name} with (force)`)
    },
  }
}

/** Carries out a statement as the superuser, outside of what is tested, and gives its rows. */
export async function administer(text: string, url: string = postgresUrl): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

/** The folder of the server's certificates: ca.crt, stranger.crt (another authority's), client.crt and client.key. */
export async function tlsFolder(): Promise<string> {
  const [row] = await administer('show ssl_ca_file')
  return dirname(String(row?.ssl_ca_file))
}
