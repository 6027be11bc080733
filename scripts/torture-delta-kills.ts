/**
 * Kills acts on a Delta table (appends, compaction, Z-order, vacuum, checkpoint, restore) with SIGKILL at random moments,
 * looks at the table, does the act again and looks once more.
 *
 *   npm run torture:delta-kills [-- --kills 300] [--seed 1]
 *
 * A kill counts as survived when readers see the rows of before or after it, the act can be done again and then gives
 * what it gives undisturbed, and a vacuum leaves the files of the table and no others.
 */
import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { sql } from '../src/base/sql/index.ts'
import { openStore } from '../src/base/store/index.ts'
import { openDuckDb } from '../src/data/engine/index.ts'
import { appendTo, DeltaTable, overwrite, type ParquetPort, vacuum } from '../src/data/table/index.ts'

const { values } = parseArgs({
  options: { kills: { type: 'string', default: '300' }, seed: { type: 'string', default: '1' } },
})
const WORKERS = join(import.meta.dirname, '../test/data/table/delta')
/** The words of each act's process; appends are exactly once by their `txn`. */
const ACTS: Readonly<Record<string, (folder: string) => readonly string[]>> = {
  append: (folder) => ['append-batches.ts', folder, 'killed', '5', '10'],
  ...Object.fromEntries(
    ['optimize', 'zorder', 'vacuum', 'checkpoint', 'restore'].map((act) => [
      act,
      (folder: string) => ['maintain.ts', folder, act],
    ]),
  ),
}

const root = mkdtempSync(join(tmpdir(), 'millrace-torture-kills-'))
await using engine = await openDuckDb({ threads: 1 })
await using connection = await engine.connect()
const parquet = engine.files as ParquetPort<never>
const open = (folder: string) => DeltaTable.open(openStore(folder), '', { parquet })

async function act(
  words: readonly string[],
  killAfterMs?: number,
): Promise<{ died: boolean; ok: boolean; ms: number }> {
  const [file = '', ...rest] = words
  const began = performance.now()
  const child = spawn(process.execPath, ['--conditions=millrace-source', join(WORKERS, file), ...rest], {
    stdio: 'ignore',
  })
  const timer = killAfterMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfterMs)
  const [code, signal] = await new Promise<[number | null, string | null]>((done) =>
    child.on('close', (...ended) => done(ended)),
  )
  clearTimeout(timer)
  return { died: signal === 'SIGKILL', ok: code === 0, ms: performance.now() - began }
}

/** What a version holds: its rows and a hash over them, whatever their order. */
async function contents(folder: string): Promise<string> {
  const table = await open(folder)
  const [row] = await connection.rows<{ n: bigint; h: string }>(
    sql`select count(*) as n, coalesce(sum(hash(t)::hugeint), 0)::varchar as h from ${await table.relation()} as t`,
  )
  return `${row?.n} rows, ${row?.h}`
}

/** Every prefix of the batches that an append has committed is a version that readers may see. */
async function allowed(folder: string, from: number): Promise<Set<string>> {
  const found = new Set<string>()
  for (let version = from; version <= (await open(folder)).snapshot.version; version += 1) {
    const then = await DeltaTable.open(openStore(folder), '', { version, parquet }).catch(() => undefined)
    if (!then) continue
    const [row] = await connection.rows<{ n: bigint; h: string }>(
      sql`select count(*) as n, coalesce(sum(hash(t)::hugeint), 0)::varchar as h from ${await then.relation()} as t`,
    )
    found.add(`${row?.n} rows, ${row?.h}`)
  }
  return found
}

async function orphans(folder: string): Promise<string[]> {
  const table = await open(folder)
  await vacuum(table, { retainMs: 0, allowShortRetention: true })
  const wanted = new Set(table.snapshot.files.map(({ path }) => decodeURIComponent(path)))
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.parquet') && !name.includes('_delta_log') && !wanted.has(name),
  )
}

async function base(): Promise<string> {
  const folder = join(root, 'base')
  const rows = (at: number) => sql`select 'base' as writer, ${at * 50}::bigint + range as id from range(50)`
  const table = await DeltaTable.create(openStore(folder), {
    schema: await connection.describe(rows(0)),
    parquet,
    properties: { 'delta.checkpointInterval': '3' },
  })
  for (const at of [0, 1]) await appendTo(table, rows(at), { connection })
  await overwrite(table, rows(2), { connection })
  for (const at of [3, 4, 5, 6]) await appendTo(table, rows(at), { connection })
  return folder
}

let state = Number(values.seed)
function random(): number {
  state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
  return state / 2_147_483_648
}

const start = await base()
const first = (await open(start)).snapshot.version
const calm = new Map<string, { readonly after: string; readonly seen: Set<string>; readonly ms: number }>()
for (const [name, words] of Object.entries(ACTS)) {
  const folder = join(root, `calm-${name}`)
  cpSync(start, folder, { recursive: true })
  const { ok, ms } = await act(words(folder))
  if (!ok) throw new Error(`${name} failed undisturbed`)
  calm.set(name, { after: await contents(folder), seen: await allowed(folder, first), ms })
}
const kills = Number(values.kills)
const names = Object.keys(ACTS)
const counts = new Map<string, { killed: number; bad: number }>()
let killed = 0
for (let trial = 0; killed < kills && trial < kills * 3; trial += 1) {
  const name = names[trial % names.length] ?? ''
  const undisturbed = calm.get(name)
  const words = ACTS[name]
  if (!undisturbed || !words) continue
  const folder = join(root, `trial-${trial}`)
  cpSync(start, folder, { recursive: true })
  // The first third of it is spent starting the program.
  const moment = Math.round(undisturbed.ms * (0.3 + 0.75 * random()))
  const { died } = await act(words(folder), moment)
  const wrong: string[] = []
  const seen = await contents(folder).catch((thrown: Error) => `cannot be read: ${thrown.message}`)
  if (!undisturbed.seen.has(seen)) wrong.push(`readers see ${seen}`)
  if (!(await act(words(folder))).ok) wrong.push('it cannot be done again')
  const after = await contents(folder).catch((thrown: Error) => `cannot be read: ${thrown.message}`)
  if (after !== undisturbed.after) wrong.push(`done again it gives ${after} instead of ${undisturbed.after}`)
  const left = await orphans(folder)
  if (left.length > 0) wrong.push(`a vacuum leaves ${left.join(', ')}`)
  const count = counts.get(name) ?? { killed: 0, bad: 0 }
  counts.set(name, { killed: count.killed + Number(died), bad: count.bad + Number(wrong.length > 0) })
  killed += Number(died)
  console.log(
    `${killed}  ${name} ${died ? 'killed' : 'ended before'} after ${moment} ms  ${wrong.length ? 'NOT SURVIVED' : 'survived'}`,
  )
  for (const text of wrong) console.log(`${name} killed after ${moment} ms: ${text} (${folder})`)
  if (wrong.length === 0) rmSync(folder, { recursive: true, force: true })
}
const bad = [...counts.values()].reduce((sum, one) => sum + one.bad, 0)
for (const [name, one] of counts) console.log(`${name.padEnd(12)} ${one.killed} kills, ${one.bad} not survived`)
console.log(`${killed} kills, ${bad} not survived`)
if (bad === 0) rmSync(root, { recursive: true, force: true })
process.exitCode = bad === 0 ? 0 : 1
