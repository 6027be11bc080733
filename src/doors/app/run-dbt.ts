import { resolve } from 'node:path'
import { type DbtCommand, type DbtEvent, type DbtOptions, type DbtRun, runDbt } from '../../work/model/index.ts'
import type { Project } from './open-project.ts'

/** A dbt command on the project's models. */
export interface DbtRequest {
  readonly command: DbtCommand
  readonly options: DbtOptions
  /** The dbt project, relative to this one; by default the same folder. */
  readonly dbtProjectDir?: string
  readonly onEvent?: (event: DbtEvent) => void
  readonly signal?: AbortSignal
}

/**
 * Runs a dbt command; sources of the lake are pinned to one version while it runs.
 * @throws MillraceError MODEL_…, REF_NOT_FOUND, SOURCE_NOT_FOUND, JINJA_…, SELECTOR_INVALID, CANCELLED
 */
export async function runProjectDbt(project: Project, request: DbtRequest): Promise<DbtRun> {
  const { engine, catalog, targetOptions } = project
  const { command, options, onEvent, signal } = request
  return runDbt(
    command,
    { ...options, vars: { ...project.vars, ...options.vars } },
    {
      dir: resolve(project.dir, request.dbtProjectDir ?? '.'),
      connect: () => engine.connect(),
      database: engine.database,
      dialect: engine.dialect,
      schema: targetOptions.schema,
      target: { name: project.target },
      environment: process.env,
      beforeRun: (sources) => catalog.pin(sources, signal ? { signal } : {}),
      ...(signal ? { signal } : {}),
      ...(onEvent ? { onEvent } : {}),
    },
  )
}
