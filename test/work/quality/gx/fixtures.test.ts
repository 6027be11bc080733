import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Json } from '../../../../src/base/kernel/index.ts'
import { id, join, type Sql, sql, trusted } from '../../../../src/base/sql/index.ts'
import { type Engine, type EngineConnection, openDuckDb } from '../../../../src/data/engine/index.ts'
import { validate } from '../../../../src/work/quality/index.ts'
import { suiteOf } from '../suite-of.ts'

/** Great Expectations' own test definitions (Apache-2.0, LICENSE beside them), against DuckDB. */
interface Case {
  readonly title: string
  readonly in: Record<string, Json>
  readonly out: Record<string, Json>
  readonly only_for?: readonly string[]
  readonly suppress_test_for?: readonly string[]
  readonly error?: Json
}
interface Dataset {
  readonly dataset_name?: string
  readonly data: Record<string, readonly Json[]> | readonly Dataset[]
  readonly schemas?: Record<string, Record<string, string>>
  readonly tests: readonly Case[]
}

const folder = new URL('fixtures/', import.meta.url)
/** Cases for these are ours too: DuckDB is a SQL engine, and pandas is the reference. Those for MSSQL alone are not. */
const OURS = ['pandas', 'sqlalchemy', 'sqlite', 'postgresql']

/** Cases that cannot be as there, with the reason. */
const DIFFERS: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(new URL('differs.json', import.meta.url), 'utf8'),
)

let engine: Engine
let connection: EngineConnection
beforeAll(async () => {
  engine = await openDuckDb()
  connection = await engine.connect()
})
afterAll(async () => {
  await connection[Symbol.asyncDispose]()
  await engine[Symbol.asyncDispose]()
})

function columnType(values: readonly Json[], declared: string | undefined): string {
  if (declared && /date|time/i.test(declared)) return 'timestamp'
  const present = values.filter((value) => value !== null)
  if (present.length > 0 && present.every((value) => typeof value === 'boolean')) return 'boolean'
  if (present.length > 0 && !present.every((value) => typeof value === 'number')) return 'varchar'
  return present.every((value) => Number.isInteger(value)) && !/float|double/i.test(declared ?? '')
    ? 'bigint'
    : 'double'
}

function relationOf({ data, schemas }: Dataset): Sql {
  const columns = Object.entries(data as Record<string, readonly Json[]>)
  const rows = columns[0]?.[1].length ?? 0
  const cell = (values: readonly Json[], row: number, type: string) => {
    const value = values[row] ?? null
    return sql`cast(${value === null ? null : String(value)} as ${trusted(type)})`
  }
  const types = columns.map(([name, values]) => columnType(values, schemas?.pandas?.[name] ?? schemas?.sqlite?.[name]))
  const lines = Array.from({ length: Math.max(rows, 1) }, (_, row) => {
    const cells = columns.map(([, values], index) => cell(values, row, types[index] ?? 'varchar'))
    return sql`(${join([...cells, sql`${BigInt(row)}`])})`
  })
  const names = [...columns.map(([name]) => id(name)), id('pk_index')]
  const listed = join(columns.map(([name]) => id(name)))
  return sql`(select ${listed} from (values ${join(lines)}) as t (${join(names)}) where pk_index < ${BigInt(rows)} order by pk_index) as fixture`
}

const close = (value: Json | undefined): unknown => {
  if (typeof value === 'number') return Number(value.toPrecision(10))
  if (Array.isArray(value)) return value.map((one) => close(one as Json))
  return typeof value === 'string' ? value.replace(' ', 'T').replace('T00:00:00', '') : value
}

for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
  const { expectation_type: type, datasets } = JSON.parse(readFileSync(new URL(file, folder), 'utf8'))
  describe(file.replace('.json', ''), () => {
    ;(datasets as readonly Dataset[]).forEach((dataset, set) => {
      for (const [index, one] of dataset.tests.entries()) {
        const foreign = one.only_for && !one.only_for.some((name) => OURS.includes(name))
        const key = `${file.replace('.json', '')}/${set}/${index}`
        if (foreign) continue
        test(`${index} ${one.title}${DIFFERS[key] ? ` (differs: ${DIFFERS[key]})` : ''}`, async () => {
          const [first, ...others] = Array.isArray(dataset.data) ? (dataset.data as Dataset[]) : [dataset]
          for (const other of others) {
            const rows = sql`select * from ${relationOf(other)}`
            await connection.execute(sql`create or replace table ${id(other.dataset_name ?? '')} as ${rows}`)
          }
          const { results } = await validate({
            connection,
            relation: relationOf(first ?? dataset),
            suite: suiteOf([type, one.in]),
            resultFormat: 'COMPLETE',
          })
          const { success, result, exception_info } = results[0] ?? {}
          // Where an error is expected there, the expectation must be refused here.
          const refused = one.error !== undefined || one.out.success === undefined
          const seen: Record<string, unknown> = {}
          const wanted: Record<string, unknown> = {}
          for (const name of ['observed_value', 'unexpected_list'] as const) {
            // Since 1.24 sets of distinct values tell what is too much and lacking, no longer all values.
            if (one.out[name] === undefined || refused || type.includes('distinct_values')) continue
            wanted[name] = close(one.out[name])
            seen[name] = close(result?.[name] as Json)
          }
          if (refused) wanted.refused = true
          else wanted.success = one.out.success
          if (refused) seen.refused = exception_info?.raised_exception === true
          else seen.success = success
          if (DIFFERS[key]) expect(seen).not.toEqual(wanted)
          else expect(seen, exception_info?.exception_message ?? '').toEqual(wanted)
        })
      }
    })
  })
}
