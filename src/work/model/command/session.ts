import { randomUUID } from 'node:crypto'
import { join, resolve } from 'node:path'
import { invocationArgsDict } from '../artifacts/invocation-args.ts'
import type { Compilation } from '../compile.ts'
import { mergedVars, yamlRenderer } from '../context/base-context.ts'
import { invocationGlobals } from '../context/invocation-globals.ts'
import type { MacroLibrary } from '../context/macro-library.ts'
import type { Invocation } from '../context/node-context.ts'
import { ModelTemplates } from '../context/templates.ts'
import { modelDialect } from '../dialect/index.ts'
import { projectMacros, readPackages } from '../packages/dbt-package.ts'
import { checkRequiredVersions } from '../packages/required-version.ts'
import { PARTIAL_PARSE_FILE } from '../partial-parse/cache-file.ts'
import { readProject } from '../partial-parse/read-project.ts'
import { PluginSources } from '../plugin/plugin-sources.ts'
import { readDbtProject } from '../read/dbt-project.ts'
import { ProjectFiles } from '../read/project-files.ts'
import { readSelectors, type SelectorFile } from '../select/yaml-selectors.ts'
import { relationInState } from '../state/defer.ts'
import type { PreviousState } from '../state/previous-state.ts'
import { readState } from '../state/read-state.ts'
import type { DbtCommand, DbtDeps, DbtOptions } from './options.ts'
import { sampleWindow } from './sample-window.ts'
import { type WarningFate, type WarningName, warningError, warningPolicy } from './warning-policy.ts'

/** A project that was read for a command, with what the command was told. */
export interface Session extends Compilation {
  readonly command: DbtCommand
  readonly options: DbtOptions
  readonly deps: DbtDeps
  readonly selectors: SelectorFile
  readonly previous?: PreviousState
  /** What becomes of warnings. */
  readonly policy: (name: WarningName) => WarningFate
  /** Absolute path of the target folder. */
  readonly targetFolder: string
}

/**
 * Reads a project for a command.
 * @throws MillraceError what reading the project throws
 */
export async function openSession(command: DbtCommand, options: DbtOptions, deps: DbtDeps): Promise<Session> {
  const environment = deps.environment ?? {}
  const policy = warningPolicy(options.warnError === true, options.warnErrorOptions)
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
  const named = {
    fullRefresh: options.fullRefresh ?? false,
    storeFailures: options.storeFailures ?? false,
    empty: options.empty ?? false,
    named: { ...options.flags },
  }
  const facts = {
    id: randomUUID(),
    startedAt: new Date(),
    command,
    target,
    dialect,
    environment,
    metadataEnvironment: metadataOf(environment),
    flags: named,
    log: (message: string, info: boolean) => {
      deps.onEvent?.({ kind: 'log', message, info })
    },
  }
  const render = yamlRenderer({ vars: given, environment, file: 'dbt_project.yml' }, invocationGlobals(facts))
  const written = await readDbtProject(deps.dir, render)
  const project = options.targetPath === undefined ? written : { ...written, targetPath: options.targetPath }
  const templates = new ModelTemplates()
  const packages = await readPackages(project, given, render)
  const files = new ProjectFiles()
  let again = false
  let macros: MacroLibrary | undefined
  const invocation: Invocation = {
    ...facts,
    flags: { ...named, named: { ...named.named, target_path: project.targetPath } },
    project,
    packages,
    vars: mergedVars(project, given),
    files,
    // Reading the project needs them, listing it again does not.
    get macros() {
      macros ??= projectMacros(packages, project, templates, { dialect, files, read: again })
      return macros
    },
    args: invocationArgsDict({ command, options }, deps.dir),
    warn: (name, message) => {
      const fate = policy(name)
      if (fate === 'error') throw warningError(name, message)
      if (fate === 'warn') deps.onEvent?.({ kind: 'warning', name, message })
    },
  }
  if (options.flags?.['version_check'] !== false)
    checkRequiredVersions([...packages.values()].map((one) => one.project))
  const targetFolder = resolve(deps.dir, project.targetPath)
  const read = await readProject(invocation, templates, {
    file: join(targetFolder, PARTIAL_PARSE_FILE),
    use: options.partialParse !== false,
    keep: deps.artifacts !== false,
  })
  again = read.again
  const { manifest, warnings } = read
  // The others are read here.
  for (const text of warnings) if (/: functions are/.test(text)) invocation.log(text, true)
  const selectors = await readSelectors(deps.dir, {
    render: yamlRenderer({ vars: invocation.vars, environment, file: 'selectors.yml' }, invocationGlobals(invocation)),
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
    ...(dialect.adapter === 'duckdb' ? { plugins: new PluginSources(deps.plugins ?? [], deps.dir) } : {}),
    policy,
    // What a node stands for in the state, for `defer_relation`.
    ...(previous && (options.defer === true || command === 'clone')
      ? { deferred: (id: string) => relationInState(previous.manifest?.members.get(id)) }
      : {}),
    ...(options.sample === undefined ? {} : { sample: sampleWindow(options.sample, invocation.startedAt) }),
    targetFolder,
  }
}

/** `DBT_ENV_CUSTOM_ENV_*`, under what follows the prefix. */
function metadataOf(environment: Readonly<Record<string, string | undefined>>): Record<string, unknown> {
  const prefix = 'DBT_ENV_CUSTOM_ENV_'
  const found = Object.entries(environment).filter(([name]) => name.startsWith(prefix))
  return Object.fromEntries(found.map(([name, value]) => [name.slice(prefix.length), value]))
}
