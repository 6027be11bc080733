/**
 * Kills the shop's pipeline with SIGKILL at every failpoint it passes and at random moments, runs it again, and
 * compares every table with an undisturbed run's.
 *
 *   npm run torture [-- --kills 300] [--seed 1] [--write docs/torture.md]
 *
 * A kill counts as survived when the next run succeeds and all tables are equal, row for row.
 */
import { spawn, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { DuckDBInstance } from '@duckdb/node-api'

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
    write: { type: 'string' },
  },
})
const root = join(import.meta.dirname, '..')
const folder = mkdtempSync(join(tmpdir(), 'millrace-torture-'))
const RUN = ['run', 'etl_pipeline', '--ds', '2024-01-10', '--json']
/** Columns that hold the time of the run, or the number of a try. */
const TIMES = "columns(c -> c not in ('dbt_inserted_at', 'rejected_at', '_loaded_at'))"

interface Trial {
  readonly kill: string
  readonly died: boolean
  readonly ms: number
  readonly differences: readonly string[]
}

function start(project: string, env: Record<string, string> = {}) {
  return spawn(process.execPath, [join(root, 'bin', 'millrace.js'), ...RUN], {
    cwd: project,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that a kill takes the workers too.
    detached: true,
  })
}

async function run(project: string, env: Record<string, string> = {}, killAfterMs?: number) {
  const began = performance.now()
  const child = start(project, env)
  let said = ''
  child.stdout.on('data', (text) => (said += text))
  child.stderr.on('data', (text) => (said += text))
  const timer = killAfterMs === undefined ? undefined : setTimeout(() => killGroup(child.pid), killAfterMs)
  const [code, signal] = await new Promise<[number | null, string | null]>((done) =>
    child.on('close', (...ended) => done(ended)),
  )
  clearTimeout(timer)
  if (signal) killGroup(child.pid)
  return { code, died: signal === 'SIGKILL', ms: performance.now() - began, said }
}

function killGroup(pid: number | undefined): void {
  try {
    if (pid) process.kill(-pid, 'SIGKILL')
  } catch {
    // It ended by itself in the meantime.
  }
}

/** What every table of a project holds: its rows and a hash over them, whatever their order. */
async function contents(project: string): Promise<Map<string, string>> {
  const instance = await DuckDBInstance.create(join(project, 'shop.duckdb'), { access_mode: 'READ_ONLY' })
  const connection = await instance.connect()
  const found = new Map<string, string>()
  const rows = async (text: string) => (await connection.runAndReadAll(text)).getRows()
  const tables = await rows(
    "select table_schema, table_name from information_schema.tables where table_catalog = 'shop' order by all",
  )
  const places = tables.map(([schema, name]) => [`${schema}.${name}`, `"${schema}"."${name}"`] as const)
  const daily = join(project, 'lake', 'batch-views', 'daily')
  for (const [name, place] of [...places, ['batch-views/daily', `read_parquet('${daily}/*/*.parquet')`] as const]) {
    const [row] = await rows(
      `select count(*), coalesce(sum(hash(t)::hugeint), 0) from (select ${TIMES} from ${place}) t`,
    )
    found.set(name, (row ?? []).join(' rows, '))
  }
  // Half-written puts are hidden files that no listing shows; anything else beside the partitions would be data.
  const leftovers = readdirSync(daily).filter((name) => !name.startsWith('date=') && !/^\.millrace-.*\.tmp$/.test(name))
  if (leftovers.length > 0) found.set('batch-views/daily leftovers', leftovers.join())
  connection.closeSync()
  instance.closeSync()
  return found
}

function differences(wanted: Map<string, string>, found: Map<string, string>): string[] {
  const names = [...new Set([...wanted.keys(), ...found.keys()])]
  return names
    .filter((name) => wanted.get(name) !== found.get(name))
    .map((name) => `${name}: ${found.get(name) ?? 'missing'} instead of ${wanted.get(name) ?? 'nothing'}`)
}

/** A small shop that has run for its first week, with the second week's files lying beside it. */
async function prepare(): Promise<string> {
  const base = join(folder, 'base')
  cpSync(join(root, 'examples', 'shop'), base, {
    recursive: true,
    filter: (path) => !/\.duckdb|\/lake$|\/\.millrace$|\/target$/.test(path),
  })
  const made = spawnSync(
    process.execPath,
    [
      join(root, 'examples/shop/data/generate.ts'),
      '--orders-per-day',
      '60',
      '--days',
      '14',
      '--out',
      join(base, 'data'),
    ],
    { stdio: 'inherit' },
  )
  if (made.status !== 0) throw new Error('the data could not be made')
  const second = join('data', 'orders', 'orders-2024-01-08.csv')
  renameSync(join(base, second), join(folder, 'second.csv'))
  const first = await run(base)
  // The tenth of January has no orders yet, so the day's suite stops the run: that is the state before.
  if (first.code !== 1) throw new Error(`the first week gave exit ${first.code}:\n${first.said}`)
  return base
}

function trialFolder(base: string, name: string): string {
  const project = join(folder, name)
  cpSync(base, project, { recursive: true })
  cpSync(join(folder, 'second.csv'), join(project, 'data', 'orders', 'orders-2024-01-08.csv'))
  return project
}

let state = Number(values.seed)
function random(): number {
  state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
  return state / 2_147_483_648
}

async function main(): Promise<number> {
  const base = await prepare()
  const calm = trialFolder(base, 'calm')
  const log = join(folder, 'failpoints.log')
  const undisturbed = await run(calm, { MILLRACE_FAILPOINT_LOG: log })
  if (undisturbed.code !== 0) throw new Error(`the undisturbed run failed:\n${undisturbed.said}`)
  const wanted = await contents(calm)
  const passed = new Map<string, number>()
  const hits = (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []).map((name) => {
    passed.set(name, (passed.get(name) ?? 0) + 1)
    return `${name}:${passed.get(name)}`
  })
  const kills = Number(values.kills)
  // A small number of kills still visits every name: the first hit of each comes first.
  const ordered = [...hits.filter((hit) => hit.endsWith(':1')), ...hits.filter((hit) => !hit.endsWith(':1'))]
  const names = ordered.filter((hit) => hit.endsWith(':1')).length
  const planned = ordered.slice(0, Math.max(names, Math.floor(kills * 0.6)))
  const trials: Trial[] = []
  const wantedKills = Math.max(kills, planned.length + 4)
  // A random moment may come after the end of a run that was quicker than the undisturbed one; it is tried again.
  const done = () => trials.filter(({ died }) => died).length >= wantedKills || trials.length >= wantedKills * 1.5
  for (let index = 0; !done(); index += 1) {
    const failpoint = planned[index]
    const project = trialFolder(base, `trial-${index}`)
    const moment = Math.round(random() * undisturbed.ms)
    const killed = failpoint ? await run(project, { MILLRACE_FAILPOINT: failpoint }) : await run(project, {}, moment)
    const again = await run(project)
    const wrong =
      again.code === 0
        ? differences(wanted, await contents(project))
        : [`exit ${again.code}: ${again.said.slice(-600)}`]
    trials.push({ kill: failpoint ?? `after ${moment} ms`, died: killed.died, ms: again.ms, differences: wrong })
    const verdict = wrong.length ? `DIFFERENT\n  ${wrong.join('\n  ')}` : 'equal'
    console.log(
      `${trials.length}  ${failpoint ?? `after ${moment} ms`}  ${killed.died ? 'killed' : 'ended before'}  ${verdict}`,
    )
    if (wrong.length === 0) rmSync(project, { recursive: true, force: true })
  }
  return report(trials, wanted, hits.length)
}

function report(trials: readonly Trial[], wanted: Map<string, string>, hits: number): number {
  const failed = trials.filter((trial) => trial.differences.length > 0)
  const unhit = trials.filter((trial) => !trial.died && !trial.kill.startsWith('after'))
  const died = trials.filter((trial) => trial.died).length
  const groups = Map.groupBy(trials, (trial) =>
    trial.kill.startsWith('after') ? 'a random moment' : trial.kill.replace(/:\d+$/, ''),
  )
  const lines = [
    '| killed at | kills | equal afterwards |',
    '|---|---:|---:|',
    ...[...groups].map(([name, group]) => {
      const killed = group.filter((trial) => trial.died)
      return `| ${name} | ${killed.length} | ${killed.filter((trial) => trial.differences.length === 0).length} |`
    }),
    `| **all** | **${died}** | **${died - failed.length}** |`,
  ]
  console.log(`\n${lines.join('\n')}\n`)
  if (values.write) {
    const text = [
      '# Kill -9 results',
      '',
      'Written by `npm run torture`. The shop’s pipeline (two weeks of data, the second week arriving) is killed with',
      'SIGKILL, run again, and every table compared row by row with an undisturbed run’s.',
      `One run passes ${hits} failpoints; ${wanted.size} tables and views are compared. Seed ${values.seed}.`,
      '',
      ...lines,
      '',
    ]
    writeFileSync(join(root, values.write), text.join('\n'))
  }
  for (const trial of unhit) console.log(`not reached: ${trial.kill}`)
  const bad = failed.length + unhit.length
  if (bad === 0) rmSync(folder, { recursive: true, force: true })
  else console.log(`The projects are kept in ${folder}`)
  console.log(`${trials.length - bad} passed, ${bad} failed`)
  return bad === 0 ? 0 : 1
}

process.exitCode = await main()
