import type { Json } from '../../base/kernel/index.ts'
import { type Engine, openDuckDb } from '../../data/engine/index.ts'
import {
  type GxCheckpointResult,
  type GxRunOptions,
  loadGxProject,
  type NeededEngine,
  type ResultFormatName,
  runGxCheckpoint,
  type TakeRows,
} from '../../work/quality/index.ts'

/** Which checkpoint of which Great Expectations project to run. */
export interface ValidateGxRequest {
  /** The folder of great_expectations.yml, or the one around it. */
  readonly gx: string
  readonly checkpoint: string
  readonly batchParameters?: Readonly<Record<string, string>>
  readonly expectationParameters?: Readonly<Record<string, Json>>
  /** In place of the checkpoint's own. */
  readonly resultFormat?: ResultFormatName
  /** Where the places of unexpected rows go that COMPLETE lists. */
  readonly takeRows?: TakeRows
  /** How long and how often the checkpoint's actions are tried. */
  readonly delivery?: NonNullable<GxRunOptions['delivery']>
  readonly signal?: AbortSignal
}

/**
 * Runs a checkpoint of a Great Expectations project as it lies on disk; nothing of the project is changed.
 * @throws MillraceError GX_PROJECT_INVALID, CHECKPOINT_UNKNOWN, SUITE_INVALID, BATCH_NOT_FOUND, SECRET_MISSING, ENGINE_UNSUPPORTED, CONNECTION_…
 */
export async function validateGx({ gx, ...request }: ValidateGxRequest): Promise<GxCheckpointResult> {
  const project = await loadGxProject(gx, process.env)
  const engines = new Map<string, Engine>()
  const engineFor = async (needed: NeededEngine): Promise<Engine> => {
    const key = JSON.stringify(needed)
    const engine = engines.get(key) ?? (await open(needed, project.dir))
    engines.set(key, engine)
    return engine
  }
  try {
    return await runGxCheckpoint({ ...request, project, engineFor })
  } finally {
    for (const engine of engines.values()) await engine[Symbol.asyncDispose]()
  }
}

async function open(needed: NeededEngine, dir: string): Promise<Engine> {
  switch (needed.kind) {
    case 'files':
      return openDuckDb()
    case 'duckdb':
      return openDuckDb({ path: needed.path, readOnly: true })
    case 'postgres': {
      const { postgresConfig } = await import('../../base/postgres/index.ts')
      const { openPostgres } = await import('../../data/engine/index.ts')
      return openPostgres(postgresConfig(needed.name, needed.url, process.env, dir))
    }
  }
}
