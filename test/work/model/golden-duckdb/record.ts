/**
 * Asks dbt-core with dbt-duckdb what it makes of the golden projects, and writes its answers beside them:
 * `node --conditions=millrace-source test/work/model/golden-duckdb/record.ts [PROJECT]`, after
 * `scripts/peers/install-python.sh dbt-duckdb`.
 */
import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { openDuckDb } from '../../../../src/data/engine/index.ts'
import { type Answer, documentedIn, goldenOf, PROJECTS, projectFolder, relationsOf, type Step } from './answers.ts'

const peers = join(process.env.MILLRACE_CACHE ?? join(homedir(), '.cache/millrace'), 'peers')
const dbt = join(peers, 'dbt-duckdb/bin/dbt')
const only = process.argv.slice(2).find((word) => !word.startsWith('--'))

for (const name of PROJECTS.filter((one) => only === undefined || one === only)) {
  const answers: Answer[] = []
  const dir = await mkdtemp(join(tmpdir(), 'golden-dbt-'))
  const path = join(dir, 'warehouse.duckdb')
  await cp(join(projectFolder(name), 'project'), dir, { recursive: true })
  await writeFile(
    join(dir, 'profiles.yml'),
    `golden:\n  target: dev\n  outputs:\n    dev: {type: duckdb, path: '${path}', schema: main, threads: 1}\n`,
  )
  const { steps, masked, manifest } = await goldenOf(name)
  // Views over files name them as they are seen from the project.
  process.chdir(dir)
  for (const step of steps) {
    // dbt owns the file while it runs, and Millrace before and after.
    const inside = async <T>(work: (connection: Awaited<ReturnType<typeof opened>>['connection']) => Promise<T>) => {
      const { engine, connection } = await opened(path)
      try {
        return await work(connection)
      } finally {
        await connection[Symbol.asyncDispose]()
        await engine[Symbol.asyncDispose]()
      }
    }
    await inside((connection) => connection.script(step.sql ?? ''))
    for (const [file, text] of Object.entries(step.files ?? {})) {
      await mkdir(dirname(join(dir, file)), { recursive: true })
      if (text === null) await rm(join(dir, file))
      else await writeFile(join(dir, file), text)
    }
    if (step.deps) await asked(dir, ['deps'])
    const results = await run(dir, step)
    answers.push({
      step: step.name,
      statuses: Object.fromEntries(
        results.map(({ unique_id, status, failures }) => [
          unique_id,
          failures === null ? status : `${status} ${failures}`,
        ]),
      ),
      relations: await inside((connection) => relationsOf(connection, masked)),
      compiled: Object.fromEntries(
        results.flatMap(({ unique_id, compiled_code }) =>
          // Fixtures are written by each tool in its own way.
          compiled_code && !unique_id.startsWith('unit_test.') ? [[unique_id, compiled_code]] : [],
        ),
      ),
      ...(manifest ? { manifest: await documentedIn(join(dir, 'target/manifest.json')) } : {}),
    })
    process.stdout.write(`${name} ${step.name}: ${results.map((one) => one.status).join(' ')}\n`)
  }
  await rm(dir, { recursive: true })
  await writeFile(join(projectFolder(name), 'answers.json'), `${JSON.stringify(answers, null, 2)}\n`)
}

async function opened(path: string) {
  const engine = await openDuckDb({ path })
  return { engine, connection: await engine.connect() }
}

interface DbtResult {
  readonly unique_id: string
  readonly status: string
  readonly failures: number | null
  readonly compiled_code: string | null
}

async function run(dir: string, step: Step): Promise<DbtResult[]> {
  const flags = [
    ...(step.select ? ['--select', ...step.select.split(' ')] : []),
    ...(step.fullRefresh ? ['--full-refresh'] : []),
    ...(step.storeFailures ? ['--store-failures'] : []),
    ...(step.vars ? ['--vars', JSON.stringify(step.vars)] : []),
    ...(step.sample ? ['--sample', step.sample] : []),
    ...(step.empty ? ['--empty'] : []),
    ...(step.eventTime ? ['--event-time-start', step.eventTime[0], '--event-time-end', step.eventTime[1]] : []),
  ]
  await rm(join(dir, 'target/run_results.json'), { force: true })
  const output = await asked(dir, [step.command, ...flags])
  const text = await readFile(join(dir, 'target/run_results.json'), 'utf8').catch(() => {
    throw new Error(`dbt gave no results for ${step.name}: ${output}`)
  })
  const { results } = JSON.parse(text) as { results: DbtResult[] }
  // Hooks are no nodes here.
  return results.filter(({ unique_id }) => !unique_id.startsWith('operation.'))
}

async function asked(dir: string, words: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(dbt, [...words, '--no-use-colors'], {
    cwd: dir,
    env: { ...process.env, DBT_SEND_ANONYMOUS_USAGE_STATS: 'false', DBT_PROFILES_DIR: dir, TZ: 'UTC' },
  }).catch((error: { stdout?: string }) => error)
  if (process.argv.includes('--verbose')) process.stdout.write(String(stdout))
  return String(stdout)
}
