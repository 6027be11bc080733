import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { postgresConfig } from '../../../src/base/postgres/index.ts'
import { openPostgres } from '../../../src/data/engine/index.ts'
import { type DbtRun, runDbt } from '../../../src/work/model/index.ts'
import { administer, freshDatabase, hasPostgres, POSTGRES_HINT } from '../../services/postgres.ts'
import { type Answer, PROJECTS, projectFolder, relationsOf, stepsOf } from './golden-postgres/answers.ts'

describe.skipIf(!hasPostgres)(`on PostgreSQL (${POSTGRES_HINT})`, () => {
  test.each(PROJECTS)(
    'the project %s gives the statuses, relations and SQL of dbt-postgres at every step',
    async (name) => {
      const recorded = JSON.parse(await readFile(join(projectFolder(name), 'answers.json'), 'utf8')) as Answer[]
      const given = await answersOf(name)
      for (const [index, answer] of given.entries()) {
        const expected = recorded[index] as Answer
        expect.soft(answer.statuses, `statuses of ${answer.step}`).toEqual(expected.statuses)
        expect.soft(answer.relations, `relations after ${answer.step}`).toEqual(expected.relations)
        expect.soft(answer.compiled, `compiled SQL of ${answer.step}`).toEqual(expected.compiled)
      }
    },
  )
})

async function answersOf(name: string): Promise<Answer[]> {
  const dir = await mkdtemp(join(tmpdir(), 'golden-millrace-'))
  const database = await freshDatabase()
  await administer(`alter database ${database.name} set timezone = 'UTC'`)
  const engine = await openPostgres(postgresConfig('golden', database.url, {}), { schema: 'public' })
  onTestFinished(async () => {
    await engine[Symbol.asyncDispose]()
    await database[Symbol.asyncDispose]()
    await rm(dir, { recursive: true })
  })
  await cp(join(projectFolder(name), 'project'), dir, { recursive: true })
  const answers: Answer[] = []
  for (const step of await stepsOf(name)) {
    if (step.sql) await administer(step.sql, database.url)
    for (const [path, text] of Object.entries(step.files ?? {})) {
      await mkdir(dirname(join(dir, path)), { recursive: true })
      await writeFile(join(dir, path), text)
    }
    const run = await runDbt(
      step.command,
      {
        threads: 2,
        ...(step.select ? { select: step.select } : {}),
        ...(step.fullRefresh ? { fullRefresh: true } : {}),
      },
      {
        dir,
        connect: () => engine.connect(),
        dialect: engine.dialect,
        database: engine.database,
        schema: 'public',
        target: { name: 'dev' },
        artifacts: false,
      },
    )
    answers.push({
      step: step.name,
      statuses: statusesOf(run),
      relations: await relationsOf(database.url),
      compiled: compiledOf(run, database.name),
    })
  }
  return answers
}

/** Hooks are results, too; the recorded answers are of nodes. */
const ofNodes = ({ results }: DbtRun) => results.filter(({ unique_id: id }) => !id.startsWith('operation.'))

function statusesOf(run: DbtRun): Record<string, string> {
  return Object.fromEntries(
    ofNodes(run).map(({ unique_id, status, failures }) => [
      unique_id,
      failures === null ? status : `${status} ${failures}`,
    ]),
  )
}

function compiledOf(run: DbtRun, database: string): Record<string, string> {
  return Object.fromEntries(
    ofNodes(run).flatMap(({ unique_id }) => {
      const code = run.manifest.nodes.get(unique_id)?.compiled_code
      return code ? [[unique_id, code.replaceAll(database, 'warehouse')]] : []
    }),
  )
}
