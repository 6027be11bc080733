/**
 * Asks dbt-core with dbt-postgres what it makes of the golden projects, and writes its answers beside them:
 * `node --conditions=millrace-source test/work/model/golden-postgres/record.ts` with a server of
 * scripts/services/start-postgres.sh, after scripts/services/install-dbt-postgres.sh.
 */
import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { administer, freshDatabase } from '../../../services/postgres.ts'
import { type Answer, PROJECTS, projectFolder, relationsOf, type Step, stepsOf } from './answers.ts'

const dbt = join(process.env.MILLRACE_CACHE ?? join(homedir(), '.cache/millrace'), 'dbt-postgres/bin/dbt')

for (const name of PROJECTS) {
  const answers: Answer[] = []
  const dir = await mkdtemp(join(tmpdir(), 'golden-dbt-'))
  await using database = await freshDatabase()
  // dbt turns instants into the session's time, Millrace into UTC.
  await administer(`alter database ${database.name} set timezone = 'UTC'`)
  await cp(join(projectFolder(name), 'project'), dir, { recursive: true })
  const { hostname, port, username, password } = new URL(database.url)
  await writeFile(
    join(dir, 'profiles.yml'),
    `golden:\n  target: dev\n  outputs:\n    dev: {type: postgres, host: ${hostname}, port: ${port}, user: ${username}, password: ${password}, dbname: ${database.name}, schema: public, threads: 1}\n`,
  )
  for (const step of await stepsOf(name)) {
    if (step.sql) await administer(step.sql, database.url)
    for (const [path, text] of Object.entries(step.files ?? {})) {
      await mkdir(dirname(join(dir, path)), { recursive: true })
      await writeFile(join(dir, path), text)
    }
    const results = await run(dir, step)
    answers.push({
      step: step.name,
      statuses: Object.fromEntries(
        results.map(({ unique_id, status, failures }) => [
          unique_id,
          failures === null ? status : `${status} ${failures}`,
        ]),
      ),
      relations: await relationsOf(database.url),
      compiled: Object.fromEntries(
        results.flatMap(({ unique_id, compiled_code }) =>
          compiled_code ? [[unique_id, compiled_code.replaceAll(database.name, 'warehouse')]] : [],
        ),
      ),
    })
    process.stdout.write(`${name} ${step.name}: ${results.length} nodes\n`)
  }
  await rm(dir, { recursive: true })
  await writeFile(join(projectFolder(name), 'answers.json'), `${JSON.stringify(answers, null, 2)}\n`)
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
  ]
  const output = await promisify(execFile)(dbt, [step.command, '--no-use-colors', ...flags], {
    cwd: dir,
    env: { ...process.env, DBT_SEND_ANONYMOUS_USAGE_STATS: 'false', DBT_PROFILES_DIR: dir, TZ: 'UTC' },
  }).catch((error: { stdout?: string }) => error)
  if (process.argv.includes('--verbose')) process.stdout.write(String(output.stdout))
  const { results } = JSON.parse(await readFile(join(dir, 'target/run_results.json'), 'utf8')) as {
    results: DbtResult[]
  }
  // Hooks are no nodes here.
  return results.filter(({ unique_id }) => !unique_id.startsWith('operation.'))
}
