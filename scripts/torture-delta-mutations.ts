/**
 * Damages logs, checkpoints and deletion vectors of Delta tables at random, in one process, and reads what is left: every
 * time the table is read, or refused by a coded error, in bounded time and memory.
 *
 *   npm run torture:delta-mutations [-- --mutations 100000] [--seed 1] [--from 0] [--against deltalake]
 *
 * With `--against deltalake`, what is read is compared with what deltalake reads of the same damaged table, where it reads
 * it: version, columns, files and their sizes.
 *
 * `--seed N --from K --mutations 1` does the K-th again. Exits with 1 at an error without a code, a reading of more than 20
 * seconds, or more than 2 GiB of memory.
 */
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { MillraceError } from '../src/base/kernel/index.ts'
import { sql } from '../src/base/sql/index.ts'
import { localStore, type Store } from '../src/base/store/index.ts'
import { openDuckDb } from '../src/data/engine/index.ts'
import { DeltaTable, type ParquetPort } from '../src/data/table/index.ts'
import { mutate, numbers } from '../test/data/table/delta/mutate.ts'
import { deltaOracle, type TableSaid } from './delta-oracle.ts'

const { values } = parseArgs({
  options: {
    mutations: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    from: { type: 'string', default: '0' },
    against: { type: 'string' },
  },
})
const ROOT = join(import.meta.dirname, '../test/data/table/delta')
const TABLES = [
  'dat/deletion_vectors',
  'dat/column_mapping',
  'dat/with_schema_change',
  'golden/log-replay-dv-key-cases',
  'golden/v2-checkpoint-json',
  'golden/v2-checkpoint-parquet',
  'golden/multi-part-checkpoint',
  'golden/dv-with-columnmapping',
]
/** A count of the rows, which opens the data files, follows every so many readings. */
const COUNTED = 20
const MOST_MS = 20_000
const MOST_BYTES = 2 * 1024 ** 3

interface Subject {
  readonly name: string
  readonly folder: string
  /** Below the folder, with their bytes. */
  readonly files: readonly (readonly [path: string, bytes: Buffer])[]
}

function subject(name: string): Subject {
  const folder = join(ROOT, name, 'delta')
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((path) => (path.startsWith('_delta_log/') && !path.endsWith('.crc')) || path.endsWith('.bin'))
  return { name, folder, files: paths.sort().map((path) => [path, readFileSync(join(folder, path))]) }
}

/** A store in which one file has other bytes; engines find these at an address of its own. */
function damaged(store: Store, path: string, bytes: Buffer, copy: string): Store {
  return new Proxy(store, {
    get(of, name) {
      if (name === 'get') return async (wanted: string) => (wanted === path ? bytes : of.get(wanted))
      if (name === 'locate') return (wanted: string) => (wanted === path ? copy : of.locate(wanted))
      const value: unknown = Reflect.get(of, name)
      return typeof value === 'function' ? value.bind(of) : value
    },
  })
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}

/** What a checkpoint holds is asked for once, but of the damaged one. */
function remembering(port: ParquetPort<never>): ParquetPort<never> {
  const known = new Map<string, Promise<unknown>>()
  const once = async <T>(url: string, of: string, ask: () => Promise<T>): Promise<T> => {
    if (url.startsWith(dir)) return ask()
    const key = `${url} ${of}`
    if (!known.has(key)) known.set(key, ask())
    return known.get(key) as Promise<T>
  }
  return new Proxy(port, {
    get(of, name) {
      if (name === 'structs') {
        return (...asked: Parameters<typeof port.structs>) =>
          once(asked[0], JSON.stringify(asked[1]), () => of.structs(...asked))
      }
      if (name === 'members') {
        return async function* (...asked: Parameters<typeof port.members>) {
          yield* await once(asked[0], JSON.stringify(asked.slice(2)), () => all(of.members(...asked)))
        }
      }
      const value: unknown = Reflect.get(of, name)
      return typeof value === 'function' ? value.bind(of) : value
    },
  })
}

const dir = await mkdtemp(join(tmpdir(), 'millrace-mutations-'))
await using engine = await openDuckDb({ threads: 1 })
await using connection = await engine.connect()
const parquet = remembering(engine.files as ParquetPort<never>)
const subjects = TABLES.map(subject)
const oracle = values.against === undefined ? undefined : await deltaOracle()
/** Copies that deltalake reads, with the damaged file in its place. */
const copies = new Map<string, string>()
for (const [at, { name, folder }] of subjects.entries()) {
  if (!oracle) break
  copies.set(name, join(dir, `table-${at}`))
  cpSync(folder, join(dir, `table-${at}`), { recursive: true })
}
let compared = 0
let refused = 0

/** What the last table that was opened says. */
let said: TableSaid | undefined

/** What became of one reading: `read`, or the code of the error. */
async function reading(store: Store, isCounted: boolean): Promise<string> {
  said = undefined
  try {
    const table = await DeltaTable.open(store, '', { parquet })
    const { version, schema, files } = table.snapshot
    said = {
      version,
      columns: schema.fields.map(({ name }) => name),
      files: files.map(({ path, size }) => [path, size]),
    }
    const readable = await table.relation()
    await table.history()
    if (isCounted) {
      await connection.rows(sql`select count(*) as n from ${readable} as t`)
      const changes = await table.changes({ from: table.snapshot.version })
      await connection.rows(sql`select count(*) as n from ${changes.sql} as t`)
    }
    return 'read'
  } catch (thrown) {
    if (thrown instanceof MillraceError && thrown.code !== 'INTERNAL') return thrown.code
    throw thrown
  }
}

const counts = new Map<string, Map<string, number>>()
const [from, mutations, seed] = [Number(values.from), Number(values.mutations), Number(values.seed)]
let bad = 0
let slowest = 0
const began = performance.now()
for (let number = from; number < from + mutations; number += 1) {
  const random = numbers(seed * 1_000_003 + number)
  const table = subjects[Math.floor(random() * subjects.length)]
  const [path, bytes] = table?.files[Math.floor(random() * table.files.length)] ?? []
  if (!table || path === undefined || !bytes) continue
  const changed = mutate(bytes, random)
  const copy = join(dir, path.endsWith('.parquet') ? 'damaged.parquet' : 'damaged')
  if (path.endsWith('.parquet')) writeFileSync(copy, changed)
  const started = performance.now()
  const timer = setTimeout(() => {
    console.log(`${number}: ${table.name}/${path} is being read for ${MOST_MS} ms`)
    process.exit(1)
  }, MOST_MS)
  let became: string
  try {
    became = await reading(damaged(localStore(table.folder), path, changed, copy), number % COUNTED === 0)
  } catch (thrown) {
    bad += 1
    became = 'NO CODE'
    console.log(`${number}: ${table.name}/${path}: ${(thrown as Error).stack}`)
  }
  clearTimeout(timer)
  const place = join(copies.get(table.name) ?? '', path)
  if (oracle && became === 'read' && said) {
    writeFileSync(place, changed)
    const theirs = await oracle.asks(copies.get(table.name) ?? '')
    writeFileSync(place, bytes)
    if (theirs === undefined) refused += 1
    else {
      compared += 1
      const difference = oracle.difference(said, theirs)
      if (difference !== undefined) {
        bad += 1
        console.log(`${number}: ${table.name}/${path}: ${difference}`)
      }
    }
  }
  slowest = Math.max(slowest, performance.now() - started)
  const of = counts.get(table.name) ?? new Map<string, number>()
  counts.set(table.name, of.set(became, (of.get(became) ?? 0) + 1))
  if (process.memoryUsage().rss > MOST_BYTES) {
    console.log(`${number}: ${Math.round(process.memoryUsage().rss / 1024 ** 2)} MiB are held`)
    bad += 1
    break
  }
  if ((number + 1 - from) % 5000 === 0) {
    const seconds = (performance.now() - began) / 1000
    console.log(`${number + 1 - from} mutations, ${Math.round((number + 1 - from) / seconds)} a second`)
  }
}
for (const [name, of] of counts) console.log(name, Object.fromEntries([...of].sort()))
console.log(
  `${mutations} mutations from ${from} by seed ${seed}: ${bad} bad; slowest ${Math.round(slowest)} ms, ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB at most`,
)
if (oracle) console.log(`${compared} compared with deltalake, which refused ${refused} others that were read`)
oracle?.[Symbol.dispose]()
await rm(dir, { recursive: true, force: true })
process.exitCode = bad === 0 ? 0 : 1
