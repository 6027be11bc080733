import { randomBytes } from 'node:crypto'
import { createConnection } from 'mysql2/promise'
import { reachable } from './reachable.ts'

/** The server of scripts/services/start-mariadb.sh, or the one that MILLRACE_TEST_MARIADB names. */
export const mariadbUrl = process.env.MILLRACE_TEST_MARIADB ?? 'mysql://millrace:millrace@127.0.0.1:53306/millrace'

/** Whether the server is there; tests that need it are skipped without. One that was named must be. */
export const hasMariadb =
  process.env.MILLRACE_TEST_MARIADB !== undefined ||
  (await reachable(new URL(mariadbUrl).hostname, Number(new URL(mariadbUrl).port || 3306)))

/** Belongs into the name of such tests, so that a skipped one says how it is enabled. */
export const MARIADB_HINT = 'enable: scripts/services/start-mariadb.sh'

/** Makes an empty database of its own, which is dropped when it is disposed of. */
export async function freshMariadb(): Promise<{ readonly url: string; readonly name: string } & AsyncDisposable> {
  const name = `test_${randomBytes(6).toString('hex')}`
  await administerMariadb(`create database ${name}`)
  const url = new URL(mariadbUrl)
  url.pathname = `/${name}`
  return {
    url: url.href,
    name,
    [Symbol.asyncDispose]: async () => {
      await administerMariadb(`drop database if exists ${name}`)
    },
  }
}

/** Carries out statements as a user with all rights, outside of what is tested, and gives the rows of the last. */
export async function administerMariadb(text: string, url: string = mariadbUrl): Promise<unknown> {
  const connection = await createConnection({ uri: url, multipleStatements: true })
  try {
    return (await connection.query(text))[0]
  } finally {
    await connection.end()
  }
}
