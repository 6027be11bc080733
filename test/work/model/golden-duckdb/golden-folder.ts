import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type EngineConnection, openDuckDb } from '../../../../src/data/engine/index.ts'
import type { DbtDeps } from '../../../../src/work/model/index.ts'
import { projectFolder } from './answers.ts'

/** A golden project in a folder of its own with a database, both gone when the test is done. */
export async function goldenFolder(name: string): Promise<{ connection: EngineConnection; deps: DbtDeps }> {
  const dir = await mkdtemp(join(tmpdir(), 'golden-millrace-'))
  // The file has the name that dbt's has, which is the database's in compiled SQL.
  const engine = await openDuckDb({ path: join(dir, 'warehouse.duckdb') })
  const connection = await engine.connect()
  onTestFinished(async () => {
    await connection[Symbol.asyncDispose]()
    await engine[Symbol.asyncDispose]()
    await rm(dir, { recursive: true })
  })
  await cp(join(projectFolder(name), 'project'), dir, { recursive: true })
  const deps: DbtDeps = {
    dir,
    connect: () => engine.connect(),
    dialect: engine.dialect,
    database: engine.database,
    schema: 'main',
    target: { name: 'dev' },
    artifacts: false,
  }
  return { connection, deps }
}
