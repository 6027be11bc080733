import { randomUUID } from 'node:crypto'
import { resolve } from 'node:path'
import type { Compilation } from '../compile.ts'
import { mergedVars, yamlRenderer } from '../context/base-context.ts'
import type { Invocation } from '../context/node-context.ts'
import { ModelTemplates } from '../context/templates.ts'
import { modelDialect } from '../dialect/index.ts'
import { noteMacroDependencies } from '../macro-dependencies.ts'
import { projectMacros, readPackages } from '../packages/dbt-package.ts'
import { readDbtProject } from '../read/dbt-project.ts'
import { parseProject } from '../read/parse-project.ts'
import { readGraphEnds } from '../resources/read-graph-ends.ts'
import { readSelectors, type SelectorFile } from '../select/yaml-selectors.ts'
import type { PreviousState } from '../state/previous-state.ts'
import { readState } from '../state/read-state.ts'
import type { DbtCommand, DbtDeps, DbtOptions } from './options.ts'

/** A project that was read for a command, with what the command was told. */
export interface Session extends Compilation {
  readonly command: DbtCommand
  readonly options: DbtOptions
  readonly deps: DbtDeps
  readonly selectors: SelectorFile
  readonly previous?: PreviousState
  readonly warnings: readonly string[]
  /** Absolute path of the target folder. */
  readonly targetFolder: string
}

/**
 * Reads a project for a command.
 * @throws MillraceError what reading the project throws
 */
export async function openSession(command: DbtCommand, options: DbtOptions, deps: DbtDeps): Promise<Session> {
  const environment = deps.environment ?? {}
  const given = options.vars ?? {}
  const dialect = modelDialect(deps.dialect ?? 'duckdb')
  const target = {
    name: deps.target?.name ?? 'default',
    profile: deps.target?.profile ?? deps.target?.name ?? 'default',
    database: deps.database,
    schema: deps.schema,
    threads: options.threads ?? 4,
    ...(deps.target?.connection ? { connection: deps.target.connection } : {}),
  }
  const render = yamlRenderer({ vars: given, environment, file: 'dbt_project.yml' }, { target })
  const read = await readDbtProject(deps.dir, render)
  const project = options.targetPath === undefined ? read : { ...read, targetPath: options.targetPath }
  const templates = new ModelTemplates()
  const packages = await readPackages(project, given, render)
  const invocation: Invocation = {
    id: randomUUID(),
    startedAt: new Date(),
    command,
    project,
    packages,
    target,
    dialect,
    vars: mergedVars(project, given),
    environment,
    macros: await projectMacros(packages, project, templates, dialect),
    flags: {
      fullRefresh: options.fullRefresh ?? false,
      storeFailures: options.storeFailures ?? false,
      named: { ...options.flags, target_path: project.targetPath },
    },
    log: (message, info) => {
      if (info) deps.onEvent?.({ kind: 'log', message })
    },
  }
  const { manifest, warnings } = await parseProject(invocation, templates)
  manifest.ends = await readGraphEnds(invocation, manifest)
  noteMacroDependencies(manifest, invocation.macros, dialect.prefixes)
  const selectors = await readSelectors(deps.dir, {
    render: yamlRenderer({ vars: invocation.vars, environment, file: 'selectors.yml' }, { target }),
    ...(options.indirectSelection === undefined ? {} : { indirect: options.indirectSelection }),
  })
  const { state } = options
  const previous =
    state === undefined ? undefined : await readState(deps.dir, { folder: state, targetPath: project.targetPath })
  return {
    command,
    options,
    deps,
    invocation,
    templates,
    manifest,
    selectors,
    ...(previous ? { previous } : {}),
    // Those kinds are read here.
    warnings: warnings.filter(
      (text) => !/: (exposures|metrics|semantic_models|saved_queries|groups) are not carried out yet$/.test(text),
    ),
    targetFolder: resolve(deps.dir, project.targetPath),
  }
}
