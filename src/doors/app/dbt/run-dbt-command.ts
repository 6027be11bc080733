import type { Engine } from '../../../data/engine/index.ts'
import {
  type ColumnTrace,
  type DbtCommand,
  type DbtDeps,
  type DbtEvent,
  type DbtOptions,
  type DbtRun,
  type LineageRequest,
  type ModelPlan,
  modelLineage,
  planModels,
  runDbt,
} from '../../../work/model/index.ts'
import { type DbtPlaceOptions, findDbtPlace } from './find-dbt-project.ts'
import { profileConnection, profileDatabase } from './profile-target.ts'

/** A dbt command and what its caller listens to. */
export interface DbtRequest {
  readonly command: DbtCommand
  readonly options: DbtOptions
  readonly onEvent?: (event: DbtEvent) => void
  readonly signal?: AbortSignal
  /** Whether files are written to the target folder; true when absent. */
  readonly artifacts?: boolean
}

/** A dbt project with an engine that is opened when it is first needed. */
export interface DbtWorkplace extends AsyncDisposable {
  readonly deps: DbtDeps
  /** What the place itself adds to options: its variables and how many threads its target wants. */
  readonly defaults: Pick<DbtOptions, 'vars' | 'threads'>
}

/**
 * Runs a dbt command.
 * @throws MillraceError MODEL_…, REF_NOT_FOUND, SOURCE_NOT_FOUND, JINJA_…, SELECTOR_INVALID, PROJECT_NOT_FOUND,
 * CONNECTION_…, CANCELLED
 */
export async function runDbtCommand(place: DbtWorkplace, request: DbtRequest): Promise<DbtRun> {
  const { command, options, onEvent, signal, artifacts } = request
  const { vars, threads } = place.defaults
  return runDbt(
    command,
    { ...(threads === undefined ? {} : { threads }), ...options, vars: { ...vars, ...options.vars } },
    {
      ...place.deps,
      ...(signal ? { signal } : {}),
      ...(onEvent ? { onEvent } : {}),
      ...(artifacts === undefined ? {} : { artifacts }),
    },
  )
}

/**
 * Tells what building the models would change.
 * @throws MillraceError PROJECT_NOT_FOUND without a state to compare with; what reading the project throws
 */
export async function planDbt({ deps, defaults }: DbtWorkplace, options: DbtOptions): Promise<ModelPlan> {
  return planModels({ ...options, vars: { ...defaults.vars, ...options.vars } }, deps)
}

/**
 * Follows a column of the models.
 * @throws MillraceError OPTION_INVALID, REF_NOT_FOUND; what reading the project throws
 */
export async function lineageOfDbt({ deps, defaults }: DbtWorkplace, request: LineageRequest): Promise<ColumnTrace> {
  return modelLineage({ ...request, vars: { ...defaults.vars, ...request.vars } }, deps)
}

/** Finds the project and the place its models are built in. @throws MillraceError PROJECT_NOT_FOUND, CONNECTION_…, TARGET_UNKNOWN */
export async function openDbtWorkplace(
  options: DbtPlaceOptions & { readonly signal?: AbortSignal },
): Promise<DbtWorkplace> {
  const place = findDbtPlace(options)
  return place.kind === 'profile' ? byProfile(place, options) : ofProject(place, options)
}

async function byProfile(
  place: Extract<ReturnType<typeof findDbtPlace>, { kind: 'profile' }>,
  { signal }: { readonly signal?: AbortSignal },
): Promise<DbtWorkplace> {
  const profile = await place.profile()
  const { output } = profile
  let engine: Promise<Engine> | undefined
  const open = (): Promise<Engine> => {
    engine ??= import('./profile-engine.ts').then(({ openProfileEngine }) =>
      openProfileEngine(place.dir, profile, signal),
    )
    return engine
  }
  return {
    defaults: { threads: output.threads },
    deps: {
      dir: place.dir,
      connect: async () => (await open()).connect(),
      database: profileDatabase(profile),
      dialect: output.type,
      schema: output.schema,
      target: { name: profile.target, profile: profile.name, connection: profileConnection(profile) },
      environment: process.env,
      ...(output.type === 'duckdb' ? { plugins: namedPlugins(output.plugins ?? []) } : {}),
    },
    async [Symbol.asyncDispose]() {
      await (await engine?.catch(() => undefined))?.[Symbol.asyncDispose]()
    },
  }
}

function namedPlugins(plugins: readonly { module: string; alias?: string | null | undefined }[]) {
  return plugins.map(({ module, alias }) => ({ name: alias ?? module, module }))
}

/** The models of a Millrace project; sources of the lake are pinned to one version while a command runs. */
async function ofProject(
  place: Extract<ReturnType<typeof findDbtPlace>, { kind: 'project' }>,
  options: DbtPlaceOptions & { readonly signal?: AbortSignal },
): Promise<DbtWorkplace> {
  const { openProject } = await import('../open-project.ts')
  const { target, signal } = options
  const project = await openProject({
    projectDir: place.projectDir,
    ...(target === undefined ? {} : { target }),
    ...(signal ? { signal } : {}),
  })
  const { engine, catalog, targetOptions } = project
  return {
    defaults: {
      vars: project.vars,
      ...(targetOptions.engine === 'postgres' && targetOptions.threads ? { threads: targetOptions.threads } : {}),
    },
    deps: {
      dir: place.dir ?? project.dir,
      connect: () => engine.connect(),
      database: engine.database,
      dialect: engine.dialect,
      schema: targetOptions.schema,
      target: { name: project.target },
      environment: process.env,
      beforeRun: (sources) => catalog.pin(sources, signal ? { signal } : {}),
    },
    [Symbol.asyncDispose]: () => project[Symbol.asyncDispose](),
  }
}
