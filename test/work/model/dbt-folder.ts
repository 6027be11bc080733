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

/** A dbt project in a temporary folder with a database of its own, both gone when the test is done. */
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

/** A folder whose models are built in memory by DuckDB, or by the engine that `open` gives. */
export async function dbtFolder(
  files: Readonly<Record<string, string>>,
  open: () => Promise<{ readonly engine: Engine; readonly schema: string }> = async () => ({
    engine: await openDuckDb(),
    schema: 'main',
  }),
): Promise<DbtFolder> {
  const dir = mkdtempSync(join(tmpdir(), 'millrace-dbt-'))
  const { engine, schema } = await open()
  onTestFinished(async () => {
    await engine[Symbol.asyncDispose]()
    rmSync(dir, { recursive: true, force: true })
  })
  const connection = await engine.connect()
  // Closed before the engine: what was registered last is done first.
  onTestFinished(() => connection[Symbol.asyncDispose]())
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
        schema,
        dialect: engine.dialect,
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
