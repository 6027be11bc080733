import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { literal, type Sql, sql } from '../../../../src/base/sql/index.ts'
import { localStore } from '../../../../src/base/store/index.ts'
import type { Engine, EngineConnection } from '../../../../src/data/engine/index.ts'
import { appendTo, DeltaTable, type ParquetPort } from '../../../../src/data/table/index.ts'
import { duckDbFolder } from '../../../services/duckdb-folder.ts'

let dir: string
let engine: Engine
let connection: EngineConnection
beforeAll(async () => {
  const own = await duckDbFolder('variant', 1)
  ;({ dir, engine, connection } = own)
  return own.remove
})

async function tableOf(name: string, rows: Sql): Promise<DeltaTable> {
  const folder = join(dir, name)
  await mkdir(join(folder, '_delta_log'), { recursive: true })
  await connection.execute(sql`copy (${rows}) to ${literal(join(folder, 'a.parquet'))} (format parquet)`)
  const fields = [
    { name: 'id', type: 'integer', nullable: true, metadata: {} },
    { name: 'v', type: 'variant', nullable: true, metadata: {} },
    { name: 'many', type: { type: 'array', elementType: 'variant', containsNull: true }, nullable: true, metadata: {} },
  ]
  const features = ['variantType']
  const lines = [
    { protocol: { minReaderVersion: 3, minWriterVersion: 7, readerFeatures: features, writerFeatures: features } },
    {
      metaData: {
        id: name,
        format: { provider: 'parquet', options: {} },
        schemaString: JSON.stringify({ type: 'struct', fields }),
        partitionColumns: [],
        configuration: {},
      },
    },
    { add: { path: 'a.parquet', partitionValues: {}, size: 1, modificationTime: 0, dataChange: true } },
  ]
  const text = lines.map((line) => JSON.stringify(line)).join('\n')
  await writeFile(join(folder, '_delta_log', '00000000000000000000.json'), text)
  return DeltaTable.open(localStore(folder), '', { parquet: engine.files as ParquetPort<never> })
}

test('a variant is read as its encoding: metadata and value; a null stays apart from a variant that holds null', async () => {
  const value = (bytes: string) => sql`struct_pack("value" := from_hex(${literal(bytes)}), metadata := '\x01'::blob)`
  const table = await tableOf(
    'encoded',
    sql`select 1::int as id, ${value('00')} as v, [${value('0C01')}, null] as many union all select 2, null, null order by id`,
  )
  expect(await connection.rows(sql`select * from ${await table.relation()} as t order by id`)).toEqual([
    {
      id: 1,
      v: { metadata: new Uint8Array([1]), value: new Uint8Array([0]) },
      many: [{ metadata: new Uint8Array([1]), value: new Uint8Array([12, 1]) }, null],
    },
    { id: 2, v: null, many: null },
  ])
  await expect(appendTo(table, sql`select 1 as id`, { connection })).rejects.toThrow(
    expect.objectContaining({
      code: 'DELTA_FEATURE_UNSUPPORTED',
      message: expect.stringMatching(/writing to .*variantType/),
    }),
  )
})

test('variants that are marked in the files are refused, not read with other nulls', async () => {
  const table = await tableOf('marked', sql`select 1::int as id, 'null'::json::variant as v, null::int[] as many`)
  await expect(table.relation()).rejects.toThrow(
    expect.objectContaining({ code: 'DELTA_FEATURE_UNSUPPORTED', data: { features: ['variantType'] } }),
  )
})
