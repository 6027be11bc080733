import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { sql } from '../../../src/base/sql/index.ts'
import { claim, keepLease, mayBeAlive, migrateLeases, openState, thisProcess } from '../../../src/base/state/index.ts'
import { describeState } from './conformance.ts'

async function file(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'millrace-state-test-'))
  onTestFinished(() => rm(made, { recursive: true, force: true }))
  return join(made, 'meta', 'state.db')
}

describeState('sqlite', async () => openState(await file()))
describeState('sqlite, flushed', async () => openState(await file(), { sync: 'full' }))
describeState('sqlite in memory', () => openState(':memory:'))

const T = 'create table t (k integer primary key, v text)'

/** Runs a script that has `state`, `sql` and this room's functions in its hands in a process of its own. */
function child(path: string, script: string, env: Record<string, string> = {}) {
  const room = (name: string) => JSON.stringify(new URL(`../../../src/base/${name}/index.ts`, import.meta.url).href)
  const source = `import { claim, keepLease, migrateLeases, openState, thisProcess } from ${room('state')}
    import { sql } from ${room('sql')}
    const state = await openState(${JSON.stringify(path)})
    ${script}`
  return spawn(process.execPath, ['--conditions=millrace-source', '--input-type=module', '-e', source], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

describe('openState', () => {
  test('three processes that migrate and write at once lose nothing and do nothing twice', async () => {
    const path = await file()
    const script = `await state.migrate('room', [${JSON.stringify(T)}, "insert into t values (0, '0')"])
      await Promise.all(Array.from({ length: 20 }, async () => {
        for (let n = 0; n < 10; n++) await state.write(async (tx) => {
          const [row] = await tx.all(sql\`select v from t where k = 0\`)
          await new Promise((resolve) => setImmediate(resolve))
          await tx.run(sql\`update t set v = \${String(Number(row.v) + 1)} where k = 0\`)
        })
      }))
      await state[Symbol.asyncDispose]()`
    const codes = await Promise.all([1, 2, 3].map(async () => (await once(child(path, script), 'exit'))[0]))
    expect(codes).toEqual([0, 0, 0])
    await using state = await openState(path)
    expect(await state.read(sql`select v from t`)).toEqual([{ v: '600' }])
  })

  test('what was resolved before a kill is there after it, and nothing is there by half', async () => {
    const path = await file()
    const writer = child(
      path,
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
      if (said.length > 2000) writer.kill('SIGKILL')
    })
    await once(writer, 'close')
    const last = Number(said.slice(0, said.lastIndexOf('\n')).split('\n').at(-1))
    await using state = await openState(path)
    const [count] = await state.read<{ n: number; top: number }>(sql`select count(*) as n, max(k) as top from t`)
    expect(count?.top).toBeGreaterThanOrEqual(last + 1)
    expect(count?.n).toBe((count?.top ?? 0) + 1)
  })

  test.each([
    ['state.before-commit', 0],
    ['state.after-commit', 1],
  ] as const)('a crash at %s leaves %i of the writes', async (failpoint, rows) => {
    const path = await file()
    // The first commit is the migration's.
    const script = `await state.migrate('room', [${JSON.stringify(T)}]); await state.write((tx) => tx.run(sql\`insert into t values (1, 'x')\`))`
    const [, signal] = await once(child(path, script, { MILLRACE_FAILPOINT: `${failpoint}:2` }), 'exit')
    expect(signal).toBe('SIGKILL')
    await using state = await openState(path)
    expect(await state.read(sql`select * from t`)).toHaveLength(rows)
  })

  test('a writer that hangs makes the others give up with STATE_BUSY, while reading goes on', async () => {
    const path = await file()
    const hanging = child(
      path,
      `await state.migrate('room', [${JSON.stringify(T)}])
      await state.write(() => { console.log('in'); return new Promise((resolve) => setTimeout(resolve, 60000)) })`,
    )
    await once(hanging.stdout, 'data')
    await using state = await openState(path, { busyTimeoutMs: 100 })
    expect(await state.read(sql`select * from t`)).toEqual([])
    await expect(state.write((tx) => tx.run(sql`delete from t`))).rejects.toMatchObject({
      code: 'STATE_BUSY',
      retry: 'again',
    })
    hanging.kill('SIGKILL')
    await once(hanging, 'exit')
    expect(await state.write((tx) => tx.run(sql`delete from t`))).toBe(0)
  })

  test('a file that is no database is STATE_CORRUPT and stays as it is', async () => {
    const path = await file()
    await (await openState(path))[Symbol.asyncDispose]()
    await writeFile(path, 'this is a letter, not a database. '.repeat(100))
    await expect(openState(path)).rejects.toMatchObject({ code: 'STATE_CORRUPT' })
  })

  test('a full database is STORE_FULL for the whole group, and the next write works', async () => {
    await using state = await openState(await file())
    await state.migrate('room', [T])
    await state.read(sql`pragma max_page_count`)
    await state.write((tx) => tx.run(sql`pragma max_page_count = 20`))
    const large = 'x'.repeat(200_000)
    const outcomes = await Promise.allSettled([
      state.write((tx) => tx.run(sql`insert into t values (1, 'small')`)),
      state.write((tx) => tx.run(sql`insert into t values (2, ${large})`)),
    ])
    expect(outcomes.at(1)).toMatchObject({ status: 'rejected', reason: { code: 'STORE_FULL', retry: 'again' } })
    const kept = await state.read<{ k: number }>(sql`select k from t`)
    expect(kept).toHaveLength(outcomes.filter((outcome) => outcome.status === 'fulfilled').length)
    expect(await state.write((tx) => tx.run(sql`insert into t values (3, 'small')`))).toBe(1)
  })

  test('a database in memory leaves nothing behind', async () => {
    vi.stubEnv('TMPDIR', join(await file(), '..', '..'))
    onTestFinished(() => {
      vi.unstubAllEnvs()
    })
    const state = await openState(':memory:')
    expect(await readdir(tmpdir())).toHaveLength(1)
    await state[Symbol.asyncDispose]()
    expect(await readdir(tmpdir())).toEqual([])
  })

  test('a thousand small writes at once cost a few commits, not a thousand', async () => {
    await using state = await openState(await file(), { sync: 'full' })
    await state.migrate('room', [T])
    const begun = performance.now()
    await Promise.all(
      Array.from({ length: 1000 }, (_, n) => state.write((tx) => tx.run(sql`insert into t values (${n}, 'x')`))),
    )
    // Measured 258 flushed transactions a second one by one: that would be four seconds.
    expect(performance.now() - begun).toBeLessThan(1500)
  })
})

describe('a lease', () => {
  test('of a killed process is taken over at once; that of a living one is not', async () => {
    const path = await file()
    const holder = child(
      path,
      `await migrateLeases(state); console.log((await claim(state, 'k', thisProcess(), 3600000)).granted); setInterval(() => {}, 1000)`,
    )
    expect(String((await once(holder.stdout, 'data'))[0])).toContain('true')
    await using state = await openState(path)
    await migrateLeases(state)
    expect(await claim(state, 'k', thisProcess(), 1000)).toMatchObject({
      granted: false,
      holder: { pid: holder.pid, host: hostname() },
    })
    holder.kill('SIGKILL')
    await once(holder, 'exit')
    expect(await claim(state, 'k', thisProcess(), 1000)).toMatchObject({ granted: true, lease: { token: 2 } })
  })

  test('that is kept outlives its time, is given back at the end, and says when it was lost', async () => {
    await using state = await openState(':memory:')
    await migrateLeases(state)
    const owner = thisProcess()
    const first = await claim(state, 'k', owner, 150)
    if (!first.granted) throw new Error('not granted')
    {
      await using kept = keepLease(state, first.lease, 150)
      await sleep(400)
      expect(kept.lost.aborted).toBe(false)
      expect(await claim(state, 'k', owner, 150)).toMatchObject({ granted: false })
    }
    const second = await claim(state, 'k', owner, 150)
    if (!second.granted) throw new Error('not given back')
    await using lost = keepLease(state, second.lease, 150)
    await state.write((tx) => tx.run(sql`update millrace_leases set token = token + 1`))
    await sleep(150)
    expect(lost.lost.reason).toMatchObject({ code: 'STATE_LEASE_LOST', retry: 'again' })
  })
})

test('a process number that was given to another process does not count as alive', () => {
  const me = thisProcess()
  expect(mayBeAlive(me)).toBe(true)
  expect(mayBeAlive({ ...me, start: `${me.start}0` })).toBe(process.platform !== 'linux')
  expect(mayBeAlive({ ...me, host: 'elsewhere', pid: 2 ** 22 + 5 })).toBe(true)
  expect(mayBeAlive({ ...me, pid: 2 ** 22 + 5 })).toBe(false)
})
