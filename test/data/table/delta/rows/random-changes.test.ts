import { join } from 'node:path'
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { sql } from '../../../../../src/base/sql/index.ts'
import { localStore } from '../../../../../src/base/store/index.ts'
import type { Engine, EngineConnection } from '../../../../../src/data/engine/index.ts'
import { appendTo, DeltaTable, overwrite, type ParquetPort, replaceWhere } from '../../../../../src/data/table/index.ts'
import { DELTALAKE_HINT, hasDeltalake, readAllWithDeltalake } from '../../../../services/deltalake.ts'
import { duckDbFolder } from '../../../../services/duckdb-folder.ts'
import { KINDS_OF_TABLE } from './kinds-of-table.ts'

let dir: string
let engine: Engine
let connection: EngineConnection
/** The rows that each table ends with, for deltalake to read. */
const ends = new Map<string, string[]>()
beforeAll(async () => {
  const own = await duckDbFolder('changes', 2)
  ;({ dir, engine, connection } = own)
  return own.remove
})

interface Item {
  readonly id: number
  readonly part: string | null
  readonly note: string | null
}

/** Conditions, as Spark's SQL and as what they mean; null is not true. */
const CONDITIONS: readonly (readonly [text: string, holds: (item: Item) => boolean])[] = [
  ['id % 3 = 0', ({ id }) => id % 3 === 0],
  ['id > 40', ({ id }) => id > 40],
  ['id between 10 and 12', ({ id }) => id >= 10 && id <= 12],
  ["part = 'a'", ({ part }) => part === 'a'],
  ["part = 'b' and id < 30", ({ part, id }) => part === 'b' && id < 30],
  ['part is null', ({ part }) => part === null],
  ['note is not null or id = 5', ({ note, id }) => note !== null || id === 5],
  ["note like 'n%'", ({ note }) => note?.startsWith('n') ?? false],
  ['false', () => false],
  ['true', () => true],
]

type Step =
  | { readonly kind: 'append' | 'overwrite' | 'replace'; readonly from: number; readonly count: number }
  | { readonly kind: 'delete' | 'note' | 'move'; readonly condition: number }
  | { readonly kind: 'merge'; readonly from: number; readonly count: number; readonly sweeps: boolean }

const condition = fc.nat({ max: CONDITIONS.length - 1 })
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('append' as const),
      from: fc.nat({ max: 50 }),
      count: fc.nat({ max: 30 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom('overwrite' as const, 'replace' as const),
      from: fc.nat({ max: 50 }),
      count: fc.nat({ max: 30 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('merge' as const),
      from: fc.nat({ max: 60 }),
      count: fc.nat({ max: 40 }),
      sweeps: fc.boolean(),
    }),
  },
  { weight: 6, arbitrary: fc.record({ kind: fc.constantFrom('delete', 'note', 'move'), condition }) },
)

const itemOf = (id: number): Item => ({
  id,
  part: ['a', 'b', null][id % 3] ?? null,
  note: id % 4 === 0 ? null : `n${id}`,
})
const rowsFrom = (from: number, count: number) =>
  sql`select id, case id % 3 when 0 then 'a' when 1 then 'b' end as part, case when id % 4 <> 0 then 'n' || id end as note
      from (select ${from}::bigint + range as id from range(${count}))`
const items = (from: number, count: number) => Array.from({ length: count }, (_, at) => itemOf(from + at))
const text = ({ id, part, note }: Item) => JSON.stringify([Number(id), part, note])

async function doStep(table: DeltaTable, model: Item[], one: Step): Promise<Item[]> {
  switch (one.kind) {
    case 'append':
      await appendTo(table, rowsFrom(one.from, one.count), { connection })
      return [...model, ...items(one.from, one.count)]
    case 'overwrite':
      await overwrite(table, rowsFrom(one.from, one.count), { connection })
      return items(one.from, one.count)
    case 'replace': {
      const inside = sql`select * from (${rowsFrom(one.from, one.count)}) as given where id % 2 = 0`
      await replaceWhere(table, inside, 'id % 2 = 0', { connection })
      return [...model, ...items(one.from, one.count)].filter(({ id }, at) => (id % 2 === 0) === at >= model.length)
    }
    case 'merge':
      return mergeStep(table, model, one)
    default: {
      const [when, holds] = CONDITIONS[one.condition] ?? ['true', () => true]
      const found = model.filter(holds).length
      if (one.kind === 'delete') {
        const { metrics } = await table.delete(when === 'true' ? undefined : when, { connection })
        expect(metrics.numDeletedRows).toBe(found)
        return model.filter((item) => !holds(item))
      }
      const set: Record<string, string> =
        one.kind === 'note'
          ? { note: "concat(coalesce(note, 'n'), '+')" }
          : { part: "case when part = 'a' then null else 'a' end", id: 'id + 1' }
      const { metrics } = await table.update({ condition: when, set, connection })
      expect(metrics.numUpdatedRows).toBe(found)
      return model.map((item) => {
        if (!holds(item)) return item
        if (one.kind === 'note') return { ...item, note: `${item.note ?? 'n'}+` }
        return { ...item, id: item.id + 1, part: item.part === 'a' ? null : 'a' }
      })
    }
  }
}

/** The clauses in their order, and what they make of a plain list. */
async function mergeStep(table: DeltaTable, model: Item[], one: Step & { kind: 'merge' }): Promise<Item[]> {
  const source = new Map(items(one.from, one.count).map((item) => [item.id, item]))
  let merge = table
    .merge(rowsFrom(one.from, one.count), 't.id = s.id', { connection, targetAlias: 't', sourceAlias: 's' })
    .whenMatchedDelete({ condition: 's.note is null' })
    .whenMatchedUpdate({ condition: 't.id % 5 <> 0', set: { note: "concat('m', s.note)", part: 's.part' } })
    .whenNotMatchedInsert({ condition: 's.id % 7 = 0', values: { id: 's.id', note: "'seven'" } })
    .whenNotMatchedInsertAll({ condition: 's.id % 2 = 0' })
  if (one.sweeps) {
    merge = merge
      .whenNotMatchedBySourceUpdate({ condition: 't.id < 5', set: { note: "'swept'" } })
      .whenNotMatchedBySourceDelete({ condition: "t.part = 'b'" })
  }
  const { metrics } = await merge.execute()
  const known = new Set(model.map(({ id }) => id))
  const kept = model.flatMap((item): Item[] => {
    const match = source.get(item.id)
    if (match) {
      if (match.note === null) return []
      return item.id % 5 === 0 ? [item] : [{ ...item, note: `m${match.note}`, part: match.part }]
    }
    if (one.sweeps && item.id < 5) return [{ ...item, note: 'swept' }]
    return one.sweeps && item.part === 'b' ? [] : [item]
  })
  const come = [...source.values()].flatMap((item): Item[] => {
    if (known.has(item.id)) return []
    if (item.id % 7 === 0) return [{ id: item.id, part: null, note: 'seven' }]
    return item.id % 2 === 0 ? [item] : []
  })
  expect(metrics).toMatchObject({
    numSourceRows: one.count,
    numTargetRowsInserted: come.length,
    numTargetRowsDeleted: model.length - kept.length,
  })
  return [...kept, ...come]
}

async function rowsAt(path: string, version: number): Promise<string[]> {
  const table = await DeltaTable.open(localStore(dir), path, { version, parquet: engine.files as ParquetPort<never> })
  return (await connection.rows<Item>(sql`select * from ${await table.relation()} as t`)).map(text).sort()
}

test.each(KINDS_OF_TABLE)(
  'whatever is done to a table ($name), every version of it and the changes between are those of a plain list',
  async ({ name, properties, partitionBy }) => {
    let runs = 0
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (steps) => {
        runs += 1
        const path = `${name.replaceAll(/\W+/g, '-')}-${runs}`
        const table = await DeltaTable.create(localStore(dir), {
          path,
          schema: await connection.describe(rowsFrom(0, 1)),
          properties,
          partitionBy,
          parquet: engine.files as ParquetPort<never>,
        })
        let model: Item[] = []
        const versions = [model]
        for (const one of [{ kind: 'append', from: 0, count: 45 } as const, ...steps]) {
          model = await doStep(table, model, one)
          versions[table.snapshot.version] = model
        }
        for (const [version, expected] of versions.entries()) {
          expect([version, await rowsAt(path, version)]).toEqual([version, expected.map(text).sort()])
        }
        const { sql: told } = await table.changes({ from: 0 })
        const changes = await connection.rows<Item & { _change_type: string; _commit_version: bigint }>(
          sql`select * from ${told} as t`,
        )
        const byVersion = Map.groupBy(changes, ({ _commit_version }) => Number(_commit_version))
        for (let version = 1; version < versions.length; version += 1) {
          const rows = (versions[version - 1] ?? []).map(text)
          const own = byVersion.get(version) ?? []
          for (const change of own.filter(
            ({ _change_type: type }) => type === 'delete' || type === 'update_preimage',
          )) {
            const at = rows.indexOf(text(change))
            expect(at).toBeGreaterThanOrEqual(0)
            rows.splice(at, 1)
          }
          const come = own.filter(({ _change_type: type }) => type === 'insert' || type === 'update_postimage')
          expect([...rows, ...come.map(text)].sort()).toEqual((versions[version] ?? []).map(text).sort())
        }
        ends.set(join(dir, path), model.map(text).sort())
      }),
      { numRuns: Number(process.env.MILLRACE_DELTA_RUNS ?? 5) },
    )
  },
)

// Last, since it reads what the tests above wrote.
test.skipIf(!hasDeltalake)(`deltalake reads the rows of each such table (${DELTALAKE_HINT})`, async () => {
  const folders = [...ends.keys()]
  expect(folders.length).toBeGreaterThan(10)
  for (const [index, { rows }] of (await readAllWithDeltalake(folders)).entries()) {
    const found = rows.map((row) => text(JSON.parse(row) as Item)).sort()
    expect([folders[index], found]).toEqual([folders[index], ends.get(folders[index] ?? '')])
  }
})

test('rows that lie outside of what they replace are refused', async () => {
  const parquet = engine.files as ParquetPort<never>
  const schema = await connection.describe(rowsFrom(0, 1))
  const table = await DeltaTable.create(localStore(dir), { path: 'outside', schema, parquet })
  await appendTo(table, rowsFrom(0, 9), { connection })
  await expect(replaceWhere(table, rowsFrom(4, 3), 'id >= 5', { connection })).rejects.toMatchObject({
    code: 'DELTA_PARTITION_OUTSIDE',
    data: { row: { id: 4 } },
  })
  const txn = { appId: 'replaces', version: 1 }
  const first = await replaceWhere(table, rowsFrom(5, 1), 'id >= 5', { connection, txn })
  expect(first).toMatchObject({ committed: true, rows: 1, version: 2 })
  expect(await replaceWhere(table, rowsFrom(5, 1), 'id >= 5', { connection, txn })).toMatchObject({ committed: false })
  expect(await rowsAt('outside', 2)).toHaveLength(6)
})
