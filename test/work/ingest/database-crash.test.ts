import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { hasMariadb, MARIADB_HINT } from '../../services/mariadb.ts'
import { hasPostgres, POSTGRES_HINT } from '../../services/postgres.ts'
import { type DatabaseProject, databaseProject } from './database-project.ts'
import { openLake } from './lake.ts'

const INCREMENTAL =
  '  t: { cursor: c, primary_key: id, lookback: 2, batch_rows: 3, on_reject: { max: 9 }, columns: { n: int } }\n'
const FULL = '  t: { on_reject: { max: 9 }, columns: { n: int } }\n'
const NINE = Array.from({ length: 9 }, (_, index) => `(${index}, ${index}, ${index === 4 ? "'x'" : `'${index}'`})`)
const LATER = [
  ...Array.from({ length: 7 }, (_, index) => `(${20 + index}, ${8 + index}, '${index}')`),
  "(40, 7, 'late')",
]

/** Loads in a process of its own, which dies at the failpoint when it comes by it. */
function killed(kind: string, shop: DatabaseProject, failpoint: string): Promise<NodeJS.Signals | null> {
  const script = join(import.meta.dirname, 'load-database-once.ts')
  const child = spawn(process.execPath, ['--conditions=millrace-source', script, shop.dir, kind, shop.url], {
    env: { ...process.env, MILLRACE_FAILPOINT: failpoint },
    stdio: 'ignore',
  })
  return new Promise((done) => child.on('exit', (_, signal) => done(signal)))
}

const BATCH = ['staged', 'planned', 'rejects-written', 'committed', 'acknowledged']
const MOMENTS = [
  ...BATCH.map((name) => `ingest.${name}:1`),
  'ingest.staged:2',
  'ingest.planned:2',
  'ingest.committed:2',
  'ingest.acknowledged:3',
  'delta.before-commit:3',
  'delta.after-commit:3',
]
const SERVERS = [
  { kind: 'postgres' as const, has: hasPostgres, hint: POSTGRES_HINT, moments: MOMENTS },
  { kind: 'mariadb' as const, has: hasMariadb, hint: MARIADB_HINT, moments: ['ingest.committed:1', 'ingest.staged:2'] },
]

describe.each(SERVERS)('$kind ($hint)', ({ kind, has, moments }) => {
  const skipped = !has && !process.env.MILLRACE_FORBID_SKIPS
  const filled = async (tables: string) => {
    const shop = await databaseProject(kind)
    await shop.run(`create table t (id int primary key, c int, n varchar(9)); insert into t values ${NINE.join(', ')}`)
    await shop.tables(tables)
    return shop
  }
  const loaded = async (shop: DatabaseProject) => {
    await using lake = await openLake(shop.dir)
    await lake.load({ connections: shop.connections })
    return { rows: await lake.rows('raw.t'), rejects: await lake.rows('raw.t_rejects') }
  }

  test.skipIf(skipped).each(moments)(
    'a process killed at %s, in the first load and in the next, leaves loads that go on: nothing lost, nothing doubled',
    async (moment) => {
      await using shop = await filled(INCREMENTAL)
      expect(await killed(kind, shop, moment)).toBe('SIGKILL')
      await shop.run(`insert into t values ${LATER.join(', ')}`)
      await killed(kind, shop, moment)
      const { rows, rejects } = await loaded(shop)
      const good = [...NINE, ...LATER].flatMap(
        (row) =>
          row
            .match(/^\((\d+), (\d+), '(\d+)'/)
            ?.slice(1, 4)
            .join() ?? [],
      )
      expect(rows.map(({ id, c, n }) => `${id},${c},${n}`).sort()).toEqual(good.sort())
      expect(rejects).toHaveLength(2)
    },
  )

  test.skipIf(skipped)(
    'a process killed while it replaces a table leaves the rows before, then all new ones',
    async () => {
      await using shop = await filled(FULL)
      const before = await loaded(shop)
      expect(before.rows).toHaveLength(8)
      await shop.run('delete from t where id > 2')
      for (const moment of ['ingest.staged', 'ingest.planned', 'delta.before-commit']) {
        expect(await killed(kind, shop, moment)).toBe('SIGKILL')
        await using lake = await openLake(shop.dir)
        expect(await lake.rows('raw.t')).toEqual(before.rows)
      }
      expect(await killed(kind, shop, 'ingest.committed')).toBe('SIGKILL')
      await using lake = await openLake(shop.dir)
      expect(await lake.rows('raw.t')).toHaveLength(3)
      expect((await loaded(shop)).rows).toHaveLength(3)
    },
  )
})
