import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hasMariadb, MARIADB_HINT } from '../../services/mariadb.ts'
import { hasPostgres, POSTGRES_HINT } from '../../services/postgres.ts'
import { databaseProject } from './database-project.ts'
import { openLake } from './lake.ts'

const LOOKBACK = 3

/** What happens to the source between two loads. */
const change = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('insert' as const), ahead: fc.integer({ min: -8, max: 4 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('touch' as const),
      which: fc.nat(50),
      ahead: fc.integer({ min: 0, max: 3 }),
    }),
  },
)
const rounds = fc.array(fc.array(change, { maxLength: 8 }), { minLength: 1, maxLength: 5 })

/**
 * What a load with a cursor, a look-back and a primary key promises: a version of a row is loaded once, if its cursor
 * value is at or after the greatest loaded one less the look-back when it is there.
 */
class Model {
  readonly source = new Map<number, number>()
  readonly loaded = new Set<string>()
  mark: number | undefined

  load(): number {
    const from = this.mark === undefined ? Number.NEGATIVE_INFINITY : this.mark - LOOKBACK
    const seen = [...this.source].filter(([, at]) => at >= from).map(([id, at]) => `${id},${at}`)
    const fresh = seen.filter((row) => !this.loaded.has(row))
    for (const row of fresh) this.loaded.add(row)
    for (const [, at] of this.source) if (at >= from) this.mark = Math.max(this.mark ?? at, at)
    return fresh.length
  }
}

describe.each([
  {
    kind: 'postgres' as const,
    has: hasPostgres,
    hint: POSTGRES_HINT,
    upsert: 'on conflict (id) do update set at = excluded.at',
  },
  { kind: 'mariadb' as const, has: hasMariadb, hint: MARIADB_HINT, upsert: 'on duplicate key update at = values(at)' },
])('$kind ($hint)', ({ kind, has, upsert }) => {
  test.skipIf(!has && !process.env.MILLRACE_FORBID_SKIPS)(
    'whatever is inserted, late or touched between loads: ties and late rows of the window are neither lost nor doubled',
    async () => {
      await using shop = await databaseProject(kind)
      await shop.run('create table t (id int primary key, at int)')
      await shop.tables(`  t: { cursor: at, primary_key: id, lookback: ${LOOKBACK}, batch_rows: 3 }\n`)
      await fc.assert(
        fc.asyncProperty(rounds, async (all) => {
          await shop.run('delete from t')
          await using lake = await openLake(shop.dir)
          await lake.load({ connections: shop.connections, fullRefresh: true })
          const model = new Model()
          let next = 1
          for (const changes of all) {
            for (const one of changes) {
              const top = Math.max(0, ...model.source.values())
              const ids = [...model.source.keys()]
              const id = one.kind === 'insert' || ids.length === 0 ? next++ : (ids[one.which % ids.length] ?? 0)
              model.source.set(id, top + one.ahead)
            }
            const values = [...model.source].map(([id, at]) => `(${id}, ${at})`)
            if (values.length > 0) await shop.run(`insert into t values ${values.join(', ')} ${upsert}`)
            const [result] = await lake.load({ connections: shop.connections })
            expect(result?.rows).toBe(model.load())
            const rows = (await lake.rows('raw.t')).map((row) => `${row.id},${row.at}`)
            expect(rows.sort()).toEqual([...model.loaded].sort())
          }
        }),
        { numRuns: 12 },
      )
    },
  )
})
