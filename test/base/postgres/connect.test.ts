import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { connectPostgres, type PostgresConfig, postgresConfig } from '../../../src/base/postgres/index.ts'
import { administer, hasPostgres, POSTGRES_HINT, postgresUrl, tlsFolder } from '../../services/postgres.ts'

const NOTHING = { PGPASSFILE: '/nowhere' }
const config = (options: Parameters<typeof postgresConfig>[1] & object = {}): PostgresConfig =>
  postgresConfig('shop_db', { url: postgresUrl, ...(options as object) }, NOTHING)

/** Whether the connection these options make is over TLS. */
async function encrypted(options: object): Promise<boolean> {
  await using session = await connectPostgres(config(options))
  const { rows } = await session.query('select ssl from pg_stat_ssl where pid = pg_backend_pid()')
  return rows[0]?.[0] === 't'
}

const suite = (name: string, work: () => void) =>
  hasPostgres ? describe(name, work) : test.skip(`${name} (${POSTGRES_HINT})`, () => {})
const ours = hasPostgres && process.env.MILLRACE_TEST_POSTGRES === undefined
const tls = ours ? await tlsFolder() : ''

/** Needs the accounts and certificates of our own server. */
const certified = (name: string, work: () => void) =>
  ours ? describe(name, work) : test.skip(`${name} (${POSTGRES_HINT})`, () => {})

certified('sslmode', () => {
  const user = (name: string) => ({ user: name, password: 'millrace' })

  test('disable and allow do without TLS, prefer and require use it', async () => {
    expect(await encrypted({ sslmode: 'disable' })).toBe(false)
    expect(await encrypted({ sslmode: 'allow' })).toBe(false)
    expect(await encrypted({ sslmode: 'prefer' })).toBe(true)
    expect(await encrypted({ sslmode: 'require' })).toBe(true)
  })

  test('allow and prefer fall back to the other when the server wants it, the others do not', async () => {
    expect(await encrypted({ sslmode: 'allow', ...user('millrace_tls') })).toBe(true)
    expect(await encrypted({ sslmode: 'prefer', ...user('millrace_plain') })).toBe(false)
    await expect(encrypted({ sslmode: 'disable', ...user('millrace_tls') })).rejects.toMatchObject({
      code: 'CONNECTION_DENIED',
    })
    await expect(encrypted({ sslmode: 'require', ...user('millrace_plain') })).rejects.toMatchObject({
      code: 'CONNECTION_DENIED',
    })
  })

  test('verify-ca wants a certificate of the authority, verify-full one for the host too', async () => {
    const sslrootcert = join(tls, 'ca.crt')
    expect(await encrypted({ sslmode: 'verify-ca', sslrootcert })).toBe(true)
    expect(await encrypted({ sslmode: 'verify-full', sslrootcert, host: 'localhost' })).toBe(true)
    await expect(encrypted({ sslmode: 'verify-full', sslrootcert, host: '127.0.0.1' })).rejects.toMatchObject({
      code: 'CONNECTION_DENIED',
      hint: expect.stringContaining('sslrootcert'),
    })
  })

  test.each(['require', 'verify-ca', 'verify-full'])(
    '%s refuses a certificate of another authority',
    async (sslmode) => {
      const stranger = { sslmode, sslrootcert: join(tls, 'stranger.crt'), host: 'localhost' }
      await expect(encrypted(stranger)).rejects.toMatchObject({ code: 'CONNECTION_DENIED' })
      await expect(
        encrypted({ sslmode: 'verify-full', sslrootcert: 'system', host: 'localhost' }),
      ).rejects.toMatchObject({
        code: 'CONNECTION_DENIED',
      })
    },
  )

  test('verify-full without an authority is refused, and so is a file that is not there', async () => {
    await expect(encrypted({ sslmode: 'verify-full' })).rejects.toMatchObject({
      code: 'CONNECTION_DENIED',
      hint: expect.stringContaining('system'),
    })
    await expect(encrypted({ sslmode: 'verify-ca', sslrootcert: '/nowhere/ca.crt' })).rejects.toThrow(/nowhere/)
  })

  test('a client certificate stands for a password', async () => {
    const files = { sslcert: join(tls, 'client.crt'), sslkey: join(tls, 'client.key') }
    expect(await encrypted({ sslmode: 'require', user: 'millrace_cert', password: '', ...files })).toBe(true)
    await expect(encrypted({ sslmode: 'require', ...user('millrace_cert') })).rejects.toMatchObject({
      code: 'CONNECTION_DENIED',
    })
  })
})

suite('connecting', () => {
  test('a wrong password is CONNECTION_DENIED and not shown', async () => {
    const thrown = await connectPostgres(config({ password: 'hunter2' })).catch((error: unknown) => error)
    expect(thrown).toMatchObject({
      code: 'CONNECTION_DENIED',
      retry: 'never',
      data: { sqlState: '28P01', connection: 'shop_db' },
    })
    expect(JSON.stringify(thrown) + String((thrown as Error).stack)).not.toContain('hunter2')
  })

  test('no password where one is wanted says where to put it, and none of the environment is used', async () => {
    process.env.PGPASSWORD = 'millrace'
    onTestFinished(() => {
      delete process.env.PGPASSWORD
    })
    const { password: _, ...bare } = config()
    await expect(connectPostgres(bare)).rejects.toMatchObject({
      code: 'CONNECTION_DENIED',
      hint: expect.stringContaining('PGPASSWORD'),
    })
    const open = new URL(postgresUrl)
    open.password = ''
    await using session = await connectPostgres(postgresConfig('c', { url: open.href, password: '' }, process.env))
    expect(session.pid).toBeGreaterThan(0)
  })

  test('an unknown database or user is CONNECTION_DENIED', async () => {
    await expect(connectPostgres(config({ database: 'nowhere' }))).rejects.toMatchObject({
      code: 'CONNECTION_DENIED',
      data: { sqlState: '3D000' },
    })
    await expect(connectPostgres(config({ user: 'nobody' }))).rejects.toMatchObject({ code: 'CONNECTION_DENIED' })
  })

  test('nobody there is CONNECTION_FAILED', async () => {
    await expect(connectPostgres(config({ port: 1 }))).rejects.toMatchObject({
      code: 'CONNECTION_FAILED',
      retry: 'again',
    })
    await expect(connectPostgres(config({ host: 'no-such-host.invalid' }))).rejects.toMatchObject({
      code: 'CONNECTION_FAILED',
    })
    await expect(connectPostgres(config({ host: '/nowhere' }))).rejects.toMatchObject({ code: 'CONNECTION_FAILED' })
  })

  test('somebody who never answers is CONNECTION_FAILED after the time, or ends with the signal', async () => {
    const silent = createServer(() => {})
    silent.listen(0, '127.0.0.1')
    await once(silent, 'listening')
    onTestFinished(() => void silent.close())
    const { port } = silent.address() as AddressInfo
    const mute = config({ host: '127.0.0.1', port, connect_timeout: '100 ms' })
    await expect(connectPostgres(mute)).rejects.toMatchObject({ code: 'CONNECTION_FAILED' })
    const patient = config({ host: '127.0.0.1', port })
    await expect(connectPostgres(patient, { signal: AbortSignal.timeout(100) })).rejects.toMatchObject({
      code: 'TIMEOUT',
    })
  })

  test('what is not PostgreSQL is CONNECTION_FAILED', async () => {
    const web = createServer((socket) => {
      socket.on('error', () => {})
      socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')
    })
    web.listen(0, '127.0.0.1')
    await once(web, 'listening')
    onTestFinished(() => void web.close())
    const { port } = web.address() as AddressInfo
    for (const sslmode of ['disable', 'prefer'] as const) {
      await expect(connectPostgres(config({ host: '127.0.0.1', port, sslmode }))).rejects.toMatchObject({
        code: 'CONNECTION_FAILED',
      })
    }
  })

  test('the session shows under its name', async () => {
    await using session = await connectPostgres(config({ options: '-c work_mem=5MB' }))
    const [row] = await administer(`select application_name from pg_stat_activity where pid = ${session.pid}`)
    expect(row).toEqual({ application_name: 'millrace' })
    expect((await session.query('show work_mem')).rows).toEqual([['5MB']])
  })
})
