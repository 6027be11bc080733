import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Row } from '../../src/base/kernel/index.ts'
import { sql } from '../../src/base/sql/index.ts'
import { localStore } from '../../src/base/store/index.ts'
import { openDuckDb } from '../../src/data/engine/index.ts'
import { DeltaTable, type ParquetPort } from '../../src/data/table/index.ts'
import { everyWrite } from '../../test/data/table/delta/rows/every-write.ts'
import { KINDS_OF_TABLE } from '../../test/data/table/delta/rows/kinds-of-table.ts'
import { trackedRelation } from '../../test/data/table/delta/rows/tracked-relation.ts'
import { comparable } from '../../test/services/deltalake.ts'
import type { ConformanceSubject } from '../conformance.ts'

const run = promisify(execFile)

/** What the Python side tells of a table: its rows (and their ids, of one that tracks them) as Spark read them, and after Spark went on with it. */
interface Told {
  readonly before?: Row[]
  readonly rows?: Row[]
  readonly refused?: string
}

/** Tables that every kind of write here left: delta-spark reads them and goes on, and we read what comes of that. */
export default {
  summary:
    'tables that every kind of write left, read and gone on with by delta-spark (minutes; needs Java and Maven Central)',
  async run() {
    const { stdout: installed } = await run('bash', ['scripts/peers/install-python.sh', 'pyspark'])
    const python = installed.trim().split('\n').at(-1) ?? ''
    const dir = await mkdtemp(join(tmpdir(), 'millrace-delta-spark-'))
    try {
      return await compared(dir, python)
    } finally {
      await rm(dir, { recursive: true, force: true })
    }
  },
} satisfies ConformanceSubject

async function compared(dir: string, python: string): Promise<number> {
  await using engine = await openDuckDb({ threads: 2 })
  await using connection = await engine.connect()
  const read = async (path: string) => {
    const table = await DeltaTable.open(localStore(dir), path, { parquet: engine.files as ParquetPort<never> })
    const tracked = await trackedRelation(table)
    return comparable([
      ...(await connection.rows<Row>(sql`select * from ${await table.relation()} as t`)),
      ...(tracked ? await connection.rows<Row>(sql`select * from ${tracked} as t`) : []),
    ]).join('\n')
  }
  const ours: string[] = []
  for (const [at, kind] of KINDS_OF_TABLE.entries()) {
    await everyWrite(dir, String(at), kind, connection)
    ours.push(await read(String(at)))
  }
  const script = 'test/data/table/delta/rows/spark-goes-on.py'
  const folders = KINDS_OF_TABLE.map((_, at) => join(dir, String(at)))
  const { stdout } = await run(python, [script, ...folders], { maxBuffer: 1 << 28 })
  const lines = stdout.split('\n').filter((line) => line.startsWith('{'))
  let differing = 0
  for (const [at, kind] of KINDS_OF_TABLE.entries()) {
    const told = JSON.parse(lines[at] ?? '{"refused":"no answer"}') as Told
    const isRead = comparable(told.before ?? []).join('\n') === ours[at]
    const isReadBack = (await read(String(at))) === comparable(told.rows ?? []).join('\n')
    const verdict = told.refused ?? (isRead ? (isReadBack ? 'equal' : 'we read other rows') : 'Spark reads other rows')
    if (verdict !== 'equal') differing += 1
    console.log(`${kind.name}: ${verdict}`)
  }
  console.log(`\n${KINDS_OF_TABLE.length - differing} of ${KINDS_OF_TABLE.length} kinds of table agree`)
  return differing
}
