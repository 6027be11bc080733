import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { trusted } from '../../../src/base/sql/index.ts'
import { type Engine, openDuckDb } from '../../../src/data/engine/index.ts'
import {
  type DbtCommand,
  type DbtDeps,
  type DbtEvent,
  type DbtOptions,
  type DbtRun,
  runDbt,
} from '../../../src/work/model/index.ts'

/** A dbt project in a temporary folder with a DuckDB in memory, both gone when the test is done. */
export interface DbtFolder {
  readonly dir: string
  readonly engine: Engine
  readonly events: DbtEvent[]
  write(files: Readonly<Record<string, string>>): void
  dbt(command: DbtCommand, options?: DbtOptions, deps?: Partial<DbtDeps>): Promise<DbtRun>
  /** Statuses by the node's name. */
  statuses(run: DbtRun): Record<string, string>
  script(text: string): Promise<void>
  /** Rows as arrays of their values' text. */
  rows(query: string): Promise<string[][]>
}

export async function dbtFolder(files: Readonly<Record<string, string>>): Promise<DbtFolder> {
  const dir = mkdtempSync(join(tmpdir(), 'millrace-dbt-'))
  const engine = await openDuckDb()
  onTestFinished(async () => {
    await engine[Symbol.asyncDispose]()
    rmSync(dir, { recursive: true, force: true })
  })
  const connection = await engine.connect()
  const events: DbtEvent[] = []
  const write = (all: Readonly<Record<string, string>>): void => {
    for (const [path, text] of Object.entries(all)) {
      mkdirSync(dirname(join(dir, path)), { recursive: true })
      writeFileSync(join(dir, path), text)
    }
  }
  write({ 'dbt_project.yml': 'name: shop\nprofile: shop\n', ...files })
  return {
    dir,
    engine,
    events,
    write,
    dbt: (command, options = {}, deps = {}) =>
      runDbt(command, options, {
        dir,
        connect: () => engine.connect(),
        database: engine.database,
        schema: 'main',
        artifacts: false,
        onEvent: (event) => events.push(event),
        ...deps,
      }),
    statuses: (run) => Object.fromEntries(run.results.map(({ name, status }) => [name, status])),
    script: async (text) => {
      await connection.script(text)
    },
    rows: async (query) => {
      const found = await connection.rows(trusted(query))
      return found.map((row) => Object.values(row).map((value) => (value === null ? 'null' : String(value))))
    },
  }
}
