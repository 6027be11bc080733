import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { noConnections } from '../../../src/base/project/index.ts'
import { openState } from '../../../src/base/state/index.ts'
import { openCatalog } from '../../../src/data/catalog/index.ts'
import { openDuckDb } from '../../../src/data/engine/index.ts'
import { frameSession } from '../../../src/data/frame/index.ts'
import type { ProjectServices } from '../../../src/run/pipeline/index.ts'

/** A project of the files given, with an engine in memory, a lake of its own and a raw zone. */
export async function openTestProject(files: Readonly<Record<string, string>>): Promise<ProjectServices> {
  const dir = mkdtempSync(join(tmpdir(), 'millrace-tasks-'))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true })
    writeFileSync(join(dir, path), text)
  }
  const engine = await openDuckDb()
  const state = await openState(':memory:', {})
  onTestFinished(async () => {
    await engine[Symbol.asyncDispose]()
    await state[Symbol.asyncDispose]()
    rmSync(dir, { recursive: true, force: true })
  })
  const config = {
    storage: { lake: { url: './lake' } },
    zones: { raw: { format: 'delta' as const, location: 'lake://raw' } },
    datasets: {},
  }
  const catalog = openCatalog({ engine, dir, config })
  return {
    dir,
    config: { name: 'test', sections: {} },
    target: 'dev',
    engine,
    lake: engine,
    connections: noConnections,
    catalog,
    state,
    session: await frameSession({ engine, catalog }),
    vars: { minimum: 0 },
    store: (address) => catalog.place(address).store,
  }
}
