import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import type { EngineConnection } from '../../../src/data/engine/index.ts'
import { type DbtRun, installPackages, runDbt } from '../../../src/work/model/index.ts'
import { type Answer, documentedIn, goldenOf, PROJECTS, projectFolder, relationsOf } from './golden-duckdb/answers.ts'
import { goldenFolder } from './golden-duckdb/golden-folder.ts'

test.each(PROJECTS)(
  'the project %s gives the statuses, relations and SQL of dbt-duckdb at every step',
  async (name) => {
    const recorded = JSON.parse(await readFile(join(projectFolder(name), 'answers.json'), 'utf8')) as Answer[]
    const given = await answersOf(name)
    expect(given.length).toBe(recorded.length)
    for (const [index, answer] of given.entries()) {
      const expected = recorded[index] as Answer
      expect.soft(answer.statuses, `statuses of ${answer.step}`).toEqual(expected.statuses)
      expect.soft(answer.relations, `relations after ${answer.step}`).toEqual(expected.relations)
      expect.soft(answer.manifest, `manifest after ${answer.step}`).toEqual(expected.manifest)
      // Of a model built in batches dbt tells no code.
      const compiled = Object.fromEntries(Object.entries(answer.compiled).filter(([id]) => id in expected.compiled))
      expect.soft(compiled, `compiled SQL of ${answer.step}`).toEqual(expected.compiled)
    }
  },
)

async function answersOf(name: string): Promise<Answer[]> {
  const { connection, deps } = await goldenFolder(name)
  const { dir } = deps
  const { steps, masked, manifest } = await goldenOf(name)
  const answers: Answer[] = []
  for (const step of steps) {
    await apply(step, dir, connection)
    if (step.deps) await installPackages({ dir })
    const run = await runDbt(
      step.command,
      {
        threads: 2,
        ...(step.select ? { select: step.select } : {}),
        ...(step.fullRefresh ? { fullRefresh: true } : {}),
        ...(step.storeFailures ? { storeFailures: true } : {}),
        ...(step.vars ? { vars: step.vars } : {}),
        ...(step.sample ? { sample: step.sample } : {}),
        ...(step.empty ? { empty: true } : {}),
        ...(step.eventTime
          ? { flags: { event_time_start: step.eventTime[0], event_time_end: step.eventTime[1] } }
          : {}),
      },
      { ...deps, artifacts: manifest === true },
    )
    answers.push({
      step: step.name,
      statuses: statusesOf(run),
      relations: await relationsOf(connection, masked),
      compiled: compiledOf(run),
      ...(manifest ? { manifest: await documentedIn(join(dir, 'target/manifest.json')) } : {}),
    })
  }
  return answers
}

async function apply(
  step: { readonly sql?: string; readonly files?: Readonly<Record<string, string | null>> },
  dir: string,
  connection: EngineConnection,
): Promise<void> {
  await connection.script(step.sql ?? '')
  for (const [path, text] of Object.entries(step.files ?? {})) {
    await mkdir(dirname(join(dir, path)), { recursive: true })
    if (text === null) await rm(join(dir, path))
    else await writeFile(join(dir, path), text)
  }
}

function statusesOf(run: DbtRun): Record<string, string> {
  return Object.fromEntries(
    run.results.map(({ unique_id, status, failures }) => [
      unique_id,
      failures === null ? status : `${status} ${failures}`,
    ]),
  )
}

function compiledOf(run: DbtRun): Record<string, string> {
  return Object.fromEntries(
    run.results.flatMap(({ unique_id }) => {
      const code = run.manifest.nodes.get(unique_id)?.compiled_code
      return code && !unique_id.startsWith('unit_test.') ? [[unique_id, code]] : []
    }),
  )
}
