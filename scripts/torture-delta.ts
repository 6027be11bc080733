/**
 * Many processes append to one Delta table at once; then every version and every row is counted, and deltalake, where
 * it is installed, counts them again.
 *
 *   npm run torture:delta [-- --processes 8] [--commits 2000] [--rows 10] [--store local|s3|ADDRESS]
 *
 * With `s3` the table lies at moto's server (scripts/services/start-moto.sh). Exits with 1 when a commit was lost or
 * came twice, a version is missing, or a process failed.
 */
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { sql } from '../src/base/sql/index.ts'
import { openStore, type Store } from '../src/base/store/index.ts'
import { openDuckDb } from '../src/data/engine/index.ts'
import { DeltaTable, type ParquetPort } from '../src/data/table/index.ts'

const { values } = parseArgs({
  options: {
    processes: { type: 'string', default: '8' },
    commits: { type: 'string', default: '2000' },
    rows: { type: 'string', default: '10' },
    store: { type: 'string', default: 'local' },
  },
})
const ROOT = join(import.meta.dirname, '..')
const CACHE = process.env.MILLRACE_CACHE ?? join(homedir(), '.cache/millrace')

/** How a run of one writer ended. */
interface Ended {
  readonly name: string
  readonly code: number | null
  readonly said: string
}

function append(address: string, name: string, batches: number, env: NodeJS.ProcessEnv): Promise<Ended> {
  const writer = join(ROOT, 'test/data/table/delta/append-batches.ts')
  const words = [address, name, String(batches), values.rows, 'plain']
  const child = spawn(process.execPath, ['--conditions=millrace-source', writer, ...words], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  child.stdout.on('data', (text) => (said += text))
  child.stderr.on('data', (text) => (said += text))
  return new Promise((resolve) => child.on('close', (code) => resolve({ name, code, said })))
}

/** What is wrong with the table; nothing when every commit is there once. */
async function wrongs(store: Store, writers: readonly string[], batches: number): Promise<string[]> {
  const found: string[] = []
  await using engine = await openDuckDb()
  await using connection = await engine.connect()
  const table = await DeltaTable.open(store, '', { parquet: engine.files as ParquetPort<never> })
  const versions = new Set<number>()
  for await (const { path } of store.list('_delta_log/')) {
    const version = /\/(\d{20})\.json$/.exec(path)?.[1]
    if (version !== undefined) versions.add(Number(version))
  }
  const wanted = writers.length * batches
  if (table.snapshot.version !== wanted) found.push(`version ${table.snapshot.version} instead of ${wanted}`)
  for (let version = 0; version <= wanted; version += 1) if (!versions.has(version)) found.push(`no version ${version}`)
  const counts = await connection.rows<{ writer: string; rows: bigint; ids: bigint; least: bigint; most: bigint }>(
    sql`select writer, count(*) as "rows", count(distinct id) as ids, min(id) as least, max(id) as most
      from ${await table.relation()} as t group by writer`,
  )
  const rows = BigInt(batches * Number(values.rows))
  for (const name of writers) {
    const of = counts.find(({ writer }) => writer === name)
    const isWhole = of?.rows === rows && of.ids === rows && of.least === 0n && of.most === rows - 1n
    if (!isWhole) found.push(`${name}: ${of?.rows ?? 0} rows, ${of?.ids ?? 0} of them different, instead of ${rows}`)
  }
  return found
}

function countWithDeltalake(folder: string): string {
  const python = join(CACHE, 'peers/deltalake/bin/python')
  if (!existsSync(python)) return 'deltalake is not installed (scripts/peers/install-python.sh deltalake)'
  const code = `
import sys, deltalake
t = deltalake.DeltaTable(sys.argv[1])
print('deltalake: version', t.version(), 'rows', deltalake.QueryBuilder().register('t', t).execute('select count(*) as n from t').read_all()['n'][0].as_py())`
  return execFileSync(python, ['-c', code, folder], { encoding: 'utf8' }).trim()
}

async function appends(): Promise<number> {
  const [processes, commits] = [Number(values.processes), Number(values.commits)]
  const batches = Math.floor(commits / processes)
  const folder = mkdtempSync(join(tmpdir(), 'millrace-torture-delta-'))
  let address = values.store === 'local' ? join(folder, 'table') : values.store
  let env = process.env
  if (values.store === 's3') {
    const { freshBucket } = await import('../test/services/moto.ts')
    const { S3_ENVIRONMENT } = await import('../test/services/s3-store.ts')
    env = { ...env, ...S3_ENVIRONMENT }
    Object.assign(process.env, S3_ENVIRONMENT)
    address = `${(await freshBucket()).url}/table`
  }
  console.log(`${processes} processes append ${batches * processes} commits to ${address}`)
  const writers = Array.from({ length: processes }, (_, at) => `writer-${at + 1}`)
  const began = performance.now()
  const ended = await Promise.all(writers.map((name) => append(address, name, batches, env)))
  const seconds = (performance.now() - began) / 1000
  for (const { name, code, said } of ended)
    if (code !== 0) console.log(`${name} ended with ${code}: ${said.slice(-800)}`)
  const wrong = await wrongs(openStore(address), writers, batches)
  for (const text of wrong) console.log(text)
  console.log(`${((batches * processes) / seconds).toFixed(1)} commits a second, ${seconds.toFixed(0)} s`)
  if (values.store === 'local') console.log(countWithDeltalake(address))
  const bad = wrong.length + ended.filter(({ code }) => code !== 0).length
  console.log(bad === 0 ? 'every commit is there once' : `${bad} things are wrong; the table is kept at ${address}`)
  if (bad === 0) rmSync(folder, { recursive: true, force: true })
  return bad === 0 ? 0 : 1
}

process.exitCode = await appends()
