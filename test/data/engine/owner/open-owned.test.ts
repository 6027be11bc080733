import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { sql } from '../../../../src/base/sql/index.ts'
import { openOwned } from '../../../../src/data/engine/owner/index.ts'
import { describeEngine } from '../conformance.ts'
import { databaseFile, HOLDS, Peer, removeDatabases } from './processes.ts'

afterAll(removeDatabases)

describeEngine('an owned database file', async () => openOwned(await databaseFile()))

const isRemote = (engine: object) => engine.constructor.name === 'RemoteEngine'

describe('openOwned', () => {
  test('the second process attaches and both see one database', async () => {
    const file = await databaseFile()
    const owner = new Peer(file, HOLDS)
    expect(await owner.says()).toBe('owner')
    {
      await using engine = await openOwned(file)
      expect(isRemote(engine)).toBe(true)
      expect(engine).toMatchObject({ name: 'duckdb', dialect: 'duckdb', database: 'shop' })
      await using connection = await engine.connect()
      await connection.execute(sql`insert into held values (${41})`)
      expect(await connection.rows(sql`select k + 1 as k from held`)).toEqual([{ k: 42 }])
    }
    owner.tell()
    expect(await owner.says()).toBe('closed')
    expect(await owner.exited).toEqual({ code: 0, signal: null })
    await using engine = await openOwned(file)
    expect(isRemote(engine)).toBe(false)
    await using connection = await engine.connect()
    expect(await connection.rows(sql`select * from held`)).toEqual([{ k: 41 }])
  })

  test('of four processes that start at once one owns the file and all of them work', async () => {
    const file = await databaseFile()
    const script = `
      const engine = await openOwned(file)
      const connection = await engine.connect()
      await connection.execute(sql\`create table if not exists c (pid integer)\`).catch(() => undefined)
      await connection.execute(sql\`insert into c values (\${process.pid})\`)
      say(remote(engine) ? 'remote' : 'owner')
      await told()
      await connection[Symbol.asyncDispose]()
      await engine[Symbol.asyncDispose]()`
    const peers = Array.from({ length: 4 }, () => new Peer(file, script))
    const roles = await Promise.all(peers.map((peer) => peer.says()))
    expect(roles.toSorted()).toEqual(['owner', 'remote', 'remote', 'remote'])
    for (const peer of peers) peer.tell()
    expect((await Promise.all(peers.map((peer) => peer.exited))).map(({ code }) => code)).toEqual([0, 0, 0, 0])
    await using engine = await openOwned(file)
    await using connection = await engine.connect()
    const rows = await connection.rows<{ pid: number }>(sql`select pid from c order by pid`)
    expect(rows.map(({ pid }) => pid)).toEqual(peers.map((peer) => peer.process.pid).sort((a = 0, b = 0) => a - b))
  })

  test('when the owner is killed its client gets OWNER_LOST, and opening again takes over', async () => {
    const file = await databaseFile()
    const owner = new Peer(file, HOLDS)
    expect(await owner.says()).toBe('owner')
    const engine = await openOwned(file)
    const [querying, streaming, inTransaction] = await Promise.all([
      engine.connect(),
      engine.connect(),
      engine.connect(),
    ])
    await querying.execute(sql`insert into held values (1)`)
    const lost = { code: 'OWNER_LOST', retry: 'again', data: { pid: owner.process.pid } }
    const query = querying.rows(sql`select count(*) from range(100000000) a, range(1000) b`)
    const stream = (await streaming.query(sql`select range from range(100000000)`))[Symbol.asyncIterator]()
    await stream.next()
    const transaction = inTransaction.transaction(async () => {
      await inTransaction.execute(sql`insert into held values (2)`)
      await owner.kill()
    })
    await expect(query).rejects.toMatchObject(lost)
    await expect(transaction).rejects.toMatchObject(lost)
    await expect(
      (async () => {
        for (;;) if ((await stream.next()).done) return
      })(),
    ).rejects.toMatchObject(lost)
    await expect(querying.execute(sql`select 1`)).rejects.toMatchObject(lost)
    await expect(engine.connect()).rejects.toMatchObject(lost)
    await engine[Symbol.asyncDispose]()

    await using again = await openOwned(file)
    expect(isRemote(again)).toBe(false)
    await using connection = await again.connect()
    expect(await connection.rows(sql`select * from held`)).toEqual([{ k: 1 }])
  })

  test('what a killed owner left behind is cleared away by the next', async () => {
    const file = await databaseFile()
    const owner = new Peer(file, HOLDS)
    await owner.says()
    const { socket } = JSON.parse(await readFile(`${file}.owner`, 'utf8'))
    await owner.kill()
    expect(await readdir(dirname(socket))).toContain(basename(socket))
    const engine = await openOwned(file)
    expect(await readdir(dirname(socket))).not.toContain(basename(socket))
    await engine[Symbol.asyncDispose]()
    expect((await readdir(dirname(file))).filter((name) => name.includes('owner'))).toEqual([])
  })

  test('an address that is broken, or leads to something else, is in nobody’s way', async () => {
    const file = await databaseFile()
    for (const left of ['', '{"pid":', JSON.stringify({ pid: 1, host: hostname(), socket: '/tmp/none.sock' })]) {
      await writeFile(`${file}.owner`, left)
      await using engine = await openOwned(file)
      expect(isRemote(engine)).toBe(false)
    }
  })

  test('an owner that closes stays until its clients are done, and lets new ones in meanwhile', async () => {
    const file = await databaseFile()
    const owner = new Peer(file, HOLDS)
    expect(await owner.says()).toBe('owner')
    const first = await openOwned(file)
    await using connection = await first.connect()
    owner.tell()
    expect(await owner.says()).toBe(JSON.stringify({ lingers: [process.pid] }))
    const late = new Peer(file, HOLDS)
    expect(await late.says()).toBe('remote')
    expect(JSON.parse(await owner.says()).lingers).toHaveLength(2)
    await connection.execute(sql`insert into held values (7)`)
    expect(await connection.rows(sql`select * from held`)).toEqual([{ k: 7 }])
    late.tell()
    expect(await late.says()).toBe('closed')
    await first[Symbol.asyncDispose]()
    for (let said = ''; said !== 'closed'; ) said = await owner.says()
    expect(await owner.exited).toEqual({ code: 0, signal: null })
  })

  test('an owner that ends without closing still serves the client that is inside', async () => {
    const file = await databaseFile()
    const owner = new Peer(file, `globalThis.engine = await openOwned(file); say('ready'); await told()`)
    expect(await owner.says()).toBe('ready')
    const engine = await openOwned(file)
    owner.tell()
    await new Promise((resolve) => setTimeout(resolve, 200))
    await using connection = await engine.connect()
    expect(await connection.rows(sql`select 1 as one`)).toEqual([{ one: 1 }])
    await connection[Symbol.asyncDispose]()
    await engine[Symbol.asyncDispose]()
    expect(await owner.exited).toEqual({ code: 0, signal: null })
  })

  test('opening while owners come and go always ends in an engine', async () => {
    const file = await databaseFile()
    const script = `
      let owned = 0
      for (let n = 0; n < 8; n++) {
        const engine = await openOwned(file)
        if (!remote(engine)) owned++
        const connection = await engine.connect()
        await connection.execute(sql\`create table if not exists t (k integer)\`)
        await connection.execute(sql\`insert into t values (1)\`)
        await connection[Symbol.asyncDispose]()
        await engine[Symbol.asyncDispose]()
      }
      say({ owned })`
    const peers = Array.from({ length: 3 }, () => new Peer(file, script))
    const owned = await Promise.all(peers.map(async (peer) => JSON.parse(await peer.says()).owned))
    expect(owned.reduce((a, b) => a + b)).toBeGreaterThan(0)
    await using engine = await openOwned(file)
    await using connection = await engine.connect()
    expect(await connection.rows(sql`select count(*)::integer as n from t`)).toEqual([{ n: 24 }])
  })

  test('a file that another program has open is DATABASE_LOCKED with its process number, at once', async () => {
    const file = await databaseFile()
    await (await openOwned(file))[Symbol.asyncDispose]()
    // DuckDB locks with fcntl, and so can any program.
    const script = `import fcntl, sys
f = open(sys.argv[1], 'r+b'); fcntl.lockf(f, fcntl.LOCK_EX); print('locked', flush=True); sys.stdin.read()`
    const foreign = spawn('python3', ['-c', script, file], { stdio: ['pipe', 'pipe', 'inherit'] })
    onTestFinished(() => {
      foreign.kill('SIGKILL')
    })
    await once(foreign.stdout, 'data')
    const begun = Date.now()
    await expect(openOwned(file)).rejects.toMatchObject({ code: 'DATABASE_LOCKED', data: { pid: foreign.pid } })
    expect(Date.now() - begun).toBeLessThan(3000)
  })

  test('a Node program that is no owner gets a while, then is DATABASE_LOCKED too', async () => {
    const file = await databaseFile()
    const at = new URL('../../../../src/data/engine/duckdb/open.ts', import.meta.url).href
    const holder = new Peer(
      file,
      `const { openDuckDb } = await import('${at}'); const engine = await openDuckDb({ path: file }); say('open'); await told(); await engine[Symbol.asyncDispose]()`,
    )
    expect(await holder.says()).toBe('open')
    await expect(openOwned(file, { graceMs: 200 })).rejects.toMatchObject({
      code: 'DATABASE_LOCKED',
      data: { pid: holder.process.pid },
    })
    const waiting = openOwned(file)
    holder.tell()
    await using engine = await waiting
    expect(isRemote(engine)).toBe(false)
  })

  test('waiting for a locked file can be given up', async () => {
    const file = await databaseFile()
    const at = new URL('../../../../src/data/engine/duckdb/open.ts', import.meta.url).href
    const holder = new Peer(
      file,
      `const { openDuckDb } = await import('${at}'); await openDuckDb({ path: file }); say('open'); await told()`,
    )
    await holder.says()
    await expect(openOwned(file, { signal: AbortSignal.timeout(150) })).rejects.toMatchObject({ code: 'TIMEOUT' })
  })

  test('one process that opens a file twice, also by a link, shares it and closes it with the last', async () => {
    const file = await databaseFile()
    const link = join(dirname(file), 'link.duckdb')
    const first = await openOwned(file)
    await symlink(file, link)
    const [second, third] = await Promise.all([openOwned(link), openOwned(file)])
    await first[Symbol.asyncDispose]()
    await first[Symbol.asyncDispose]()
    await third[Symbol.asyncDispose]()
    await using connection = await second.connect()
    expect(await connection.rows(sql`select 1 as one`)).toEqual([{ one: 1 }])
    expect(await readdir(dirname(file))).toContain('shop.duckdb.owner')
    await connection[Symbol.asyncDispose]()
    await second[Symbol.asyncDispose]()
    expect(await readdir(dirname(file))).not.toContain('shop.duckdb.owner')
  })
})
