import { describe, expect, test } from 'vitest'
import type { IngestOptions } from '../../../src/work/ingest/index.ts'
import { cutProxy } from '../../services/cut-proxy.ts'
import { hasMariadb, MARIADB_HINT } from '../../services/mariadb.ts'
import { hasPostgres, POSTGRES_HINT } from '../../services/postgres.ts'
import { connectionsOf, type DatabaseProject, databaseProject } from './database-project.ts'
import { openLake } from './lake.ts'

const ROWS = 40_000
/** Some 100 bytes a row: 4 MB in all. */
const FILL = {
  postgres: `create table t (id int primary key, c int, s text);
    insert into t select i, i / 3, repeat(md5(i::text), 3) from generate_series(1, ${ROWS}) as i`,
  mariadb: `create table t (id int primary key, c int, s text);
    insert into t select seq, seq div 3, repeat(md5(seq), 3) from seq_1_to_${ROWS}`,
}
const SERVERS = [
  {
    kind: 'postgres' as const,
    has: hasPostgres,
    hint: POSTGRES_HINT,
    // A session that reads is `active`, or waits for its reader.
    kill: `select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`,
  },
  {
    kind: 'mariadb' as const,
    has: hasMariadb,
    hint: MARIADB_HINT,
    kill: `begin not atomic
      for one in (select id from information_schema.processlist where db = database() and id <> connection_id()) do
        kill one.id;
      end for;
    end`,
  },
]
const QUICK = { attempts: 3, delayMs: 5 }

/** What the source holds, as sums that tell lost rows from doubled ones. */
const WHOLE = { rows: ROWS, ids: ROWS, sum: (ROWS * (ROWS + 1)) / 2 }

async function held(dir: string) {
  await using lake = await openLake(dir)
  const rows = await lake.rows('raw.t').catch(() => [])
  const ids = rows.map(({ id }) => Number(id))
  return { rows: rows.length, ids: new Set(ids).size, sum: ids.reduce((sum, id) => sum + id, 0) }
}

describe.each(SERVERS)('a $kind server that is lost in mid-read ($hint)', ({ kind, has, kill }) => {
  const skipped = !has && !process.env.MILLRACE_FORBID_SKIPS
  const filled = async (table: string) => {
    const shop = await databaseProject(kind)
    await shop.run(FILL[kind])
    await shop.tables(`  t: ${table}\n`)
    const { hostname, port } = new URL(shop.url)
    const proxy = await cutProxy({ hostname, port: Number(port) })
    const url = new URL(shop.url)
    url.port = String(proxy.port)
    // A server that speaks no TLS would be asked twice, and the first of these connections be the one that is cut.
    const plain = kind === 'mariadb' ? { ssl_mode: 'disabled' } : {}
    return { shop, proxy, connections: connectionsOf(kind, url.href, plain) }
  }
  const load = async (shop: DatabaseProject, options: Partial<IngestOptions>) => {
    await using lake = await openLake(shop.dir)
    return await lake.load({ connections: shop.connections, retry: QUICK, ...options })
  }

  test.skipIf(skipped).each([
    ['{ cursor: c, primary_key: id, batch_rows: 9000 }', [150_000, 1_100_000, 2_500_000]],
    ['{ cursor: c, batch_rows: 9000 }', [1_900_000]],
    ['{}', [200_000, 3_000_000]],
  ] as const)('a load with %s goes on after each loss, and has every row once', async (table, cuts) => {
    const { shop, proxy, connections } = await filled(table)
    await using _ = shop
    await using __ = proxy
    const said: string[] = []
    for (const bytes of cuts) {
      proxy.cut(bytes)
      const onProgress = ({ text }: { text: string }) => void said.push(text)
      await load(shop, { connections, onProgress })
    }
    expect(await held(shop.dir)).toEqual(WHOLE)
    expect(said.filter((text) => text.includes('the connection was lost, trying again in'))).not.toHaveLength(0)
    expect(proxy.connections).toBeGreaterThan(cuts.length)
  })

  test.skipIf(skipped)('a session that the server ends goes on in another', async () => {
    const { shop, proxy, connections } = await filled('{ cursor: c, primary_key: id, batch_rows: 5000 }')
    await using _ = shop
    await using __ = proxy
    let ended = 0
    const lost: string[] = []
    const done = await load(shop, {
      connections,
      onProgress: ({ rows = 0, text }) => {
        if (text.includes('lost')) lost.push(text)
        else if (rows >= 10_000 && ended++ === 0) void shop.run(kill)
      },
    })
    expect(done).toMatchObject([{ rows: ROWS }])
    expect(await held(shop.dir)).toEqual(WHOLE)
    expect(ended).toBeGreaterThan(0)
  })

  test.skipIf(skipped)(
    'one that stays lost is CONNECTION_LOST with the connection’s name; the next load goes on behind the last batch',
    async () => {
      const { shop, proxy, connections } = await filled('{ cursor: c, primary_key: id, batch_rows: 9000 }')
      await using _ = shop
      await using __ = proxy
      proxy.cut(2_000_000)
      // Once it is lost, no other connection comes to be.
      const onProgress = ({ text }: { text: string }) => void (text.includes('lost') && proxy.cut(0, 99))
      const thrown = await load(shop, { connections, onProgress }).catch((error: unknown) => error)
      expect(thrown).toMatchObject({
        code: 'CONNECTION_LOST',
        message: expect.stringContaining('shop_db'),
        retry: 'again',
      })
      expect(JSON.stringify(thrown)).not.toContain(':millrace@')
      const before = await held(shop.dir)
      expect(before.rows).toBeGreaterThanOrEqual(9000)
      expect(before.ids).toBe(before.rows)
      proxy.cut(0, 0)
      const [result] = await load(shop, { connections })
      expect(result?.rows).toBe(ROWS - before.rows)
      expect(await held(shop.dir)).toEqual(WHOLE)
    },
  )

  test.skipIf(skipped)('a replaced table keeps its old rows until all new ones are there', async () => {
    const { shop, proxy, connections } = await filled('{}')
    await using _ = shop
    await using __ = proxy
    await load(shop, { connections })
    await shop.run('delete from t where id % 2 = 0')
    proxy.cut(900_000, 99)
    await expect(load(shop, { connections })).rejects.toMatchObject({ code: 'CONNECTION_LOST' })
    expect(await held(shop.dir)).toEqual(WHOLE)
    proxy.cut(0, 0)
    await load(shop, { connections })
    expect(await held(shop.dir)).toMatchObject({ rows: ROWS / 2, ids: ROWS / 2 })
  })
})
