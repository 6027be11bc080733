import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { describePostgres, postgresConfig, postgresOptions } from '../../../src/base/postgres/index.ts'

/** Without a password file of whoever runs the tests. */
const NOTHING = { PGPASSFILE: '/nowhere' }

describe('postgresConfig', () => {
  test('an address is read with all its parts', () => {
    const config = postgresConfig(
      'c',
      'postgresql://a%40b:p%2Fw@db.example:5433/shop?sslmode=require&connect_timeout=3',
      NOTHING,
    )
    expect(config).toMatchObject({
      host: 'db.example',
      port: 5433,
      database: 'shop',
      user: 'a@b',
      password: 'p/w',
      sslmode: 'require',
      connectTimeoutMs: 3000,
      applicationName: 'millrace',
    })
  })

  test('what an address leaves out has the defaults', () => {
    const user = userInfo().username
    expect(postgresConfig('c', 'postgres://', NOTHING)).toMatchObject({
      host: 'localhost',
      port: 5432,
      user,
      database: user,
      sslmode: 'prefer',
      connectTimeoutMs: 15_000,
    })
    expect(postgresConfig('c', 'postgres:///d?host=/run/postgresql', NOTHING)).toMatchObject({
      host: '/run/postgresql',
      database: 'd',
    })
    expect(postgresConfig('c', 'postgres://[::1]:1/d', NOTHING)).toMatchObject({ host: '::1', port: 1 })
  })

  test('options come before the address, and that before the environment', () => {
    const environment = {
      ...NOTHING,
      PGHOST: 'e',
      PGUSER: 'e',
      PGPASSWORD: 'e',
      PGDATABASE: 'e',
      PGCONNECT_TIMEOUT: '7',
      PGSSLMODE: '',
    }
    const options = postgresOptions.parse({
      url: 'postgres://u@h/d',
      user: 'o',
      port: '99',
      connect_timeout: '2 seconds',
    })
    expect(postgresConfig('c', options, environment)).toMatchObject({
      host: 'h',
      port: 99,
      database: 'd',
      user: 'o',
      password: 'e',
      connectTimeoutMs: 2000,
    })
    expect(postgresConfig('c', {}, environment)).toMatchObject({ host: 'e', connectTimeoutMs: 7000, sslmode: 'prefer' })
  })

  test('files are looked for from the folder that is given', () => {
    const files = { sslrootcert: 'ca.pem', sslcert: '/abs/c.pem' }
    expect(postgresConfig('c', files, NOTHING, '/project')).toMatchObject({
      sslrootcert: '/project/ca.pem',
      sslcert: '/abs/c.pem',
    })
    expect(postgresConfig('c', { sslrootcert: 'system' }, NOTHING, '/project').sslrootcert).toBe('system')
  })

  test('the password file is searched from its top, with its wildcards and escapes', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'millrace-pgpass-'))
    onTestFinished(() => rm(dir, { recursive: true, force: true }))
    const file = join(dir, 'pgpass')
    const lines = [
      '# a note',
      'other:*:*:*:no',
      'h:5432:d:a\\:b:one\\:two\\\\',
      '*:*:*:u:three:four',
      'localhost:*:*:*:five',
    ]
    await writeFile(file, lines.join('\n'), { mode: 0o600 })
    const at = (url: string) => postgresConfig('c', url, { PGPASSFILE: file }).password
    expect(at('postgres://a%3Ab@h/d')).toBe('one:two\\')
    expect(at('postgres://u@h/d')).toBe('three:four')
    expect(at('postgres://u:own@h/d')).toBe('own')
    expect(at('postgres:///d?host=/tmp&user=x')).toBe('five')
    expect(at('postgres://x@h/d')).toBeUndefined()
    const open = join(dir, 'open')
    await writeFile(open, '*:*:*:*:x', { mode: 0o644 })
    expect(postgresConfig('c', 'postgres://u@h/d', { PGPASSFILE: open }).password).toBeUndefined()
  })

  test.each([
    ['mysql://u:hunter2@h/d', 'OPTION_INVALID'],
    ['postgres://u:hunter2@h:99999999/d', 'OPTION_INVALID'],
    ['postgres://u:hunter2%@h/d', 'OPTION_INVALID'],
    ['postgres://u:hunter2@h1,h2/d', 'OPTION_INVALID'],
    ['postgres://u:hunter2@h/d?sslmode=always', 'OPTION_INVALID'],
    ['postgres://u:hunter2@h/d?ssl_mode=require', 'OPTION_UNKNOWN'],
  ])('%s is refused, and its password is not shown', (url, code) => {
    const refuse = () => postgresConfig('c', url, NOTHING)
    expect(refuse).toThrow(expect.objectContaining({ code }))
    try {
      refuse()
    } catch (thrown) {
      expect(JSON.stringify(thrown)).not.toContain('hunter2')
      expect(String((thrown as Error).stack)).not.toContain('hunter2')
    }
  })

  test('a description holds no password', () => {
    const config = postgresConfig('shop_db', 'postgres://u:hunter2@h/d', NOTHING)
    expect(describePostgres(config)).toBe('shop_db (u@h:5432/d)')
  })
})
