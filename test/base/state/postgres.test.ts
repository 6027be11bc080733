import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { afterAll, describe, expect, test } from 'vitest'
import { postgresConfig } from '../../../src/base/postgres/index.ts'
import { sql } from '../../../src/base/sql/index.ts'
import { claim, openState, thisProcess } from '../../../src/base/state/index.ts'
import { administer, freshDatabase, hasPostgres, POSTGRES_HINT } from '../../services/postgres.ts'
import { describeState } from './conformance.ts'

const database = hasPostgres ? await freshDatabase() : undefined
const url = database?.url ?? 'postgresql://nobody@127.0.0.1:1/none'
afterAll(async () => {
  await database?.[Symbol.asyncDispose]()
  if (hasPostgres) await administer('drop role if exists state_guest')
})

let schemas = 0
/** A schema of its own for each state. */
const fresh = () => `state_${process.pid}_${++schemas}`

const T = 'create table t (k integer primary key, v text)'

/** Runs a script that has `state`, `sql` and this room's functions in its hands in a process of its own. */
function child(schema: string, script: string, env: Record<string, string> = {}) {
  const room = (name: string) => JSON.stringify(new URL(`../../../src/base/${name}/index.ts`, import.meta.url).href)
  const source = `import { claim, keepLease, migrateLeases, openState, thisProcess } from ${room('state')}
    import { sql } from ${room('sql')}
    const state = await openState(${JSON.stringify(url)}, ${JSON.stringify({ schema })})
    ${script}`
  return spawn(process.execPath, ['--conditions=millrace-source', '--input-type=module', '-e', source], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

/** Ends the sessions that work for a state, as an administrator or a restart would. */
async function endSessions(where = 'true'): Promise<number> {
  const rows = await administer(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and application_name = 'millrace' and ${where}`,
    url,
  )
  return rows.length
}

/** A way to the server that is cut when a commit passes: after the server was given it, or before. */
async function cutLine(delivers: boolean) {
  const { hostname, port } = new URL(url)
  let armed = false
  let staysCut = false
  const sockets: Socket[] = []
  const server = createServer((near) => {
    const far = connect(Number(port), hostname)
    sockets.push(near, far)
    for (const socket of [near, far]) socket.on('error', () => {})
    far.on('data', (bytes) => near.write(bytes))
    far.on('close', () => near.destroy())
    near.on('close', () => far.destroy())
    near.on('data', (bytes) => {
      if (!armed || !bytes.includes('commit\0')) return far.write(bytes)
      armed = false
      if (staysCut) server.close()
      if (!delivers) return near.destroy()
      far.removeAllListeners('data')
      far.once('data', () => near.destroy())
      return far.write(bytes)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    cutAtCommit: ({ andStayCut = false } = {}) => {
      armed = true
      staysCut = andStayCut
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      if (server.listening) server.close()
    },
  }
}

const suite = (name: string, work: () => void) =>
  hasPostgres ? describe(name, work) : test.skip(`${name} (${POSTGRES_HINT})`, () => {})

suite('the conformance suite', () => {
  describeState('postgres', () => openState(url, { schema: fresh() }))
})

suite('openState on PostgreSQL', () => {
  test('three processes that make the schema, migrate and write at once lose nothing and do nothing twice', async () => {
    const schema = fresh()
    const script = `await state.migrate('room', [${JSON.stringify(T)}, "insert into t values (0, '0')"])
      await Promise.all(Array.from({ length: 5 }, async () => {
        for (let n = 0; n < 10; n++) await state.write(async (tx) => {
          const [row] = await tx.all(sql\`select v from t where k = 0\`)
          await new Promise((resolve) => setImmediate(resolve))
          await tx.run(sql\`update t set v = \${String(Number(row.v) + 1)} where k = 0\`)
        })
      }))
      await state[Symbol.asyncDispose]()`
    const codes = await Promise.all([1, 2, 3].map(async () => (await once(child(schema, script), 'exit'))[0]))
    expect(codes).toEqual([0, 0, 0])
    await using state = await openState(url, { schema })
    expect(await state.read(sql`select v from t`)).toEqual([{ v: '150' }])
  })

  test('what was resolved before a kill is there after it, and nothing is there by half', async () => {
    const schema = fresh()
    const writer = child(
      schema,
      `await state.migrate('room', [${JSON.stringify(T)}])
      for (let n = 0; ; n += 2) {
        await state.write(async (tx) => {
          await tx.run(sql\`insert into t values (\${n}, 'a')\`)
          await tx.run(sql\`insert into t values (\${n + 1}, 'b')\`)
        })
        console.log(n)
      }`,
    )
    let said = ''
    writer.stdout.on('data', (chunk) => {
      said += chunk
      if (said.length > 500) writer.kill('SIGKILL')
    })
    await once(writer, 'close')
    const last = Number(said.slice(0, said.lastIndexOf('\n')).split('\n').at(-1))
    await using state = await openState(url, { schema })
    // Writing waits for what the server may still be doing for the killed process.
    const [count] = await state.write((tx) =>
      tx.all<{ n: number; top: number }>(sql`select count(*) as n, max(k) as top from t`),
    )
    expect(count?.top).toBeGreaterThanOrEqual(last + 1)
    expect(count?.n).toBe((count?.top ?? 0) + 1)
  })

  test.each([
    ['state.before-commit', 0],
    ['state.after-commit', 1],
  ] as const)('a crash at %s leaves %i of the writes', async (failpoint, rows) => {
    const schema = fresh()
    const script = `await state.migrate('room', [${JSON.stringify(T)}]); await state.write((tx) => tx.run(sql\`insert into t values (1, 'x')\`))`
    const [, signal] = await once(child(schema, script, { MILLRACE_FAILPOINT: `${failpoint}:2` }), 'exit')
    expect(signal).toBe('SIGKILL')
    await using state = await openState(url, { schema })
    expect(await state.read(sql`select * from t`)).toHaveLength(rows)
  })

  test('a writer that hangs makes the others give up with STATE_BUSY, while reading goes on', async () => {
    const schema = fresh()
    const hanging = child(
      schema,
      `await state.migrate('room', [${JSON.stringify(T)}])
      await state.write(() => { console.log('in'); return new Promise((resolve) => setTimeout(resolve, 60000)) })`,
    )
    await once(hanging.stdout, 'data')
    await using state = await openState(url, { schema, busyTimeoutMs: 100 })
    expect(await state.read(sql`select * from t`)).toEqual([])
    await expect(state.write((tx) => tx.run(sql`delete from t`))).rejects.toMatchObject({
      code: 'STATE_BUSY',
      retry: 'again',
    })
    hanging.kill('SIGKILL')
    await once(hanging, 'exit')
    await using patient = await openState(url, { schema })
    expect(await patient.write((tx) => tx.run(sql`delete from t`))).toBe(0)
  })

  test('two schemas of one database do not wait for each other', async () => {
    await using one = await openState(url, { schema: fresh() })
    await using other = await openState(url, { schema: fresh(), busyTimeoutMs: 100 })
    await one.write(async () => {
      expect(await other.write((tx) => tx.all(sql`select 1 as n`))).toEqual([{ n: 1 }])
    })
  })

  test('what no commit has reached is undone when the session ends, and the next write works', async () => {
    await using state = await openState(url, { schema: fresh() })
    await state.migrate('room', [T])
    const lost = state.write(async (tx) => {
      await tx.run(sql`insert into t values (1, 'x')`)
      await endSessions("state = 'idle in transaction'")
      await tx.run(sql`insert into t values (2, 'x')`)
    })
    await expect(lost).rejects.toMatchObject({ code: 'CONNECTION_LOST', retry: 'again' })
    expect(await state.write((tx) => tx.run(sql`insert into t values (3, 'x')`))).toBe(1)
    expect(await state.read(sql`select k from t`)).toEqual([{ k: 3 }])
  })

  test('sessions that ended while nothing was done are opened again, for reading and for writing', async () => {
    await using state = await openState(url, { schema: fresh() })
    await state.migrate('room', [T])
    await state.read(sql`select * from t`)
    expect(await endSessions("state = 'idle'")).toBeGreaterThan(1)
    expect(await state.read(sql`select * from t`)).toEqual([])
    expect(await state.write((tx) => tx.run(sql`insert into t values (3, 'x')`))).toBe(1)
  })

  test.each([
    ['was carried out', 1],
    ['was not carried out', 0],
  ] as const)('a commit whose answer never comes is looked up: it %s', async (_, committed) => {
    await using line = await cutLine(committed === 1)
    const config = postgresConfig('cut', { url, host: '127.0.0.1', port: line.port, sslmode: 'disable' }, {})
    await using state = await openState(config, { schema: fresh() })
    await state.migrate('room', [T])
    line.cutAtCommit()
    const write = state.write((tx) => tx.run(sql`insert into t values (1, 'x')`))
    if (committed) expect(await write).toBe(1)
    else await expect(write).rejects.toMatchObject({ code: 'CONNECTION_LOST', retry: 'again' })
    expect(await state.read(sql`select * from t`)).toHaveLength(committed)
  })

  test('a commit that nobody can tell the outcome of says so', async () => {
    await using line = await cutLine(true)
    const config = postgresConfig('cut', { url, host: '127.0.0.1', port: line.port, sslmode: 'disable' }, {})
    await using state = await openState(config, { schema: fresh(), busyTimeoutMs: 100 })
    await state.migrate('room', [T])
    line.cutAtCommit({ andStayCut: true })
    await expect(state.write((tx) => tx.run(sql`insert into t values (1, 'x')`))).rejects.toMatchObject({
      code: 'STATE_OUTCOME_UNKNOWN',
      retry: 'never',
    })
  })

  test('a user without rights to the schema, or to make it, is STORE_DENIED', async () => {
    await administer(`do $$ begin create role state_guest login password 'guest'; exception when others then end $$`)
    const guest = postgresConfig('guest', { url, user: 'state_guest', password: 'guest' }, {})
    await expect(openState(guest, { schema: fresh() })).rejects.toMatchObject({ code: 'STORE_DENIED' })
  })

  test('values are taken and given as by SQLite', async () => {
    await using state = await openState(url, { schema: fresh() })
    await state.migrate('room', ['create table v (id integer, flag integer, at text, size double precision)'])
    const at = new Date('2026-01-02T03:04:05.678Z')
    await state.write((tx) =>
      tx.run(sql`insert into v values (1, ${true}, ${at}, ${1.5}), (2, ${false}, ${null}, ${2})`),
    )
    expect(await state.read(sql`select * from v where flag = ${1} and at = ${at} order by id limit ${5}`)).toEqual([
      { id: 1, flag: 1, at: '2026-01-02T03:04:05.678Z', size: 1.5 },
    ])
    expect(await state.read(sql`select sum(id) as ids, avg(size) as size, count(*) as n, 1 = 1 as yes from v`)).toEqual(
      [{ ids: 3, size: 1.75, n: 2, yes: 1 }],
    )
  })

  test('a thousand small writes at once cost a few commits, not a thousand', async () => {
    await using state = await openState(url, { schema: fresh() })
    await state.migrate('room', [T])
    const transactions = await Promise.all(
      Array.from({ length: 1000 }, (_, n) =>
        state.write(async (tx) => {
          await tx.run(sql`insert into t values (${n}, 'x')`)
          return (await tx.all<{ id: number }>(sql`select txid_current() as id`))[0]?.id
        }),
      ),
    )
    expect(new Set(transactions).size).toBeLessThan(5)
  })

  test('a lease of a killed process is taken over at once', async () => {
    const schema = fresh()
    const holder = child(
      schema,
      `await migrateLeases(state); console.log((await claim(state, 'k', thisProcess(), 3600000)).granted); setInterval(() => {}, 1000)`,
    )
    expect(String((await once(holder.stdout, 'data'))[0])).toContain('true')
    await using state = await openState(url, { schema })
    expect(await claim(state, 'k', thisProcess(), 1000)).toMatchObject({ granted: false, holder: { pid: holder.pid } })
    holder.kill('SIGKILL')
    await once(holder, 'exit')
    expect(await claim(state, 'k', thisProcess(), 1000)).toMatchObject({ granted: true, lease: { token: 2 } })
  })
})
