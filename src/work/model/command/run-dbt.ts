import { join, resolve } from 'node:path'
import { asMillraceError, MillraceError } from '../../../base/kernel/index.ts'
import { invocationArgs } from '../artifacts/invocation-args.ts'
import { manifestJson } from '../artifacts/manifest-json.ts'
import { runResultsJson } from '../artifacts/run-results-json.ts'
import { semanticManifestJson } from '../artifacts/semantic-manifest-json.ts'
import { sourcesJson } from '../artifacts/sources-json.ts'
import { writeArtifact } from '../artifacts/write-artifact.ts'
import { refuseColumns } from '../check/refuse-columns.ts'
import type { Node } from '../node.ts'
import { readDbtPaths } from '../read/dbt-project.ts'
import { checkFreshness } from './check-freshness.ts'
import { chooseNodes } from './choose-nodes.ts'
import { cloneNodes } from './clone-nodes.ts'
import { compileNodes } from './compile-nodes.ts'
import { generateDocs } from './generate-docs.ts'
import { endJournal } from './journal.ts'
import { listNodes } from './list-nodes.ts'
import type { DbtCommand, DbtDeps, DbtEvent, DbtOptions, DbtRun } from './options.ts'
import type { DbtOutput } from './output.ts'
import { compileInline, showNode } from './preview.ts'
import { addProjectHooks } from './project-hooks.ts'
import { reachEnds } from './reach-ends.ts'
import { STATE_REQUIRED, withReferences } from './references.ts'
import { isFailure, type NodeResult } from './result.ts'
import { planRetry } from './retry.ts'
import { runGraph } from './run-graph.ts'
import { runOperation } from './run-operation.ts'
import { openSession, type Session } from './session.ts'
import { sourcesOf } from './sources-of.ts'

/**
 * Runs a dbt command on a project.
 * @throws MillraceError for what makes the project as a whole unusable (MODEL_*, REF_NOT_FOUND, SOURCE_NOT_FOUND,
 * JINJA_*, SELECTOR_INVALID) and CANCELLED; a node that fails while it runs is a result, not an error.
 */
export async function runDbt(command: DbtCommand, options: DbtOptions, deps: DbtDeps): Promise<DbtRun> {
  if (command === 'retry') return retry(options, deps)
  const started = performance.now()
  const warnings: string[] = []
  const emit = (event: DbtEvent): void => {
    if (event.kind === 'warning') warnings.push(event.message)
    deps.onEvent?.(event)
  }
  const session = await openSession(command, options, { ...deps, onEvent: emit })
  const { manifest } = session
  const parsedMs = performance.now() - started
  const chosen = chooseNodes(command, options, session)
  addProjectHooks(session)
  emit({ kind: 'parsed', nodes: manifest.nodes.size, ms: parsedMs, manifest })
  const selected = [...chosen.ids]
  const { warn } = session.invocation
  for (const word of chosen.unmatched)
    warn('NoNodesForSelectionCriteria', `The selection criterion '${word}' does not match any enabled nodes`)
  if (selected.length === 0 && WORKING.has(command)) {
    if (command === 'ls') warn('NoNodesSelected', 'No nodes selected!')
    else warn('NothingToDo', NOTHING_TO_DO)
  }
  const nodes = selected.flatMap((id) => manifest.nodes.get(id) ?? [])
  const { results, output } = await perform(session, selected, nodes)
  const elapsedMs = performance.now() - started
  if (deps.artifacts !== false) await writeArtifacts(session, results, elapsedMs)
  return {
    command,
    results,
    manifest,
    selected,
    warnings,
    exitCode: results.some(isFailure) ? 1 : 0,
    elapsedMs,
    ...(output ? { output } : {}),
  }
}

const NOTHING_TO_DO = 'Nothing to do. Try checking your model configs and model specification args'

/** Commands that are of no use without a node. */
const WORKING: ReadonlySet<DbtCommand> = new Set(['build', 'run', 'test', 'seed', 'snapshot', 'ls', 'clone'])

/** Commands that `--check-columns` looks at the columns for. */
const CHECKED: ReadonlySet<DbtCommand> = new Set(['build', 'run', 'test', 'snapshot', 'compile'])

/** Commands whose results say how each node ended. */
const WITHOUT_RESULTS: ReadonlySet<DbtCommand> = new Set(['parse', 'ls', 'source freshness'])

async function retry(options: DbtOptions, deps: DbtDeps): Promise<DbtRun> {
  const paths = await readDbtPaths(deps.dir, { vars: options.vars ?? {}, environment: deps.environment ?? {} })
  const target = resolve(deps.dir, options.targetPath ?? paths.targetPath)
  const state = options.state === undefined ? target : resolve(deps.dir, options.state)
  const plan = await planRetry(target, options, state)
  return runDbt(plan.command, plan.options, deps)
}

async function writeArtifacts(session: Session, results: readonly NodeResult[], elapsedMs: number): Promise<void> {
  const { command, invocation, manifest, options, targetFolder } = session
  // Without compiling there is nothing to say of nodes, so that an earlier manifest stays as it is.
  if (command === 'docs generate' && options.compile === false) return
  await writeArtifact(join(targetFolder, 'manifest.json'), manifestJson(invocation, manifest, session.selectors.listed))
  await writeArtifact(join(targetFolder, 'semantic_manifest.json'), semanticManifestJson(manifest))
  if (WITHOUT_RESULTS.has(command)) return
  const args = invocationArgs(session)
  const content = runResultsJson(invocation, manifest, { results, elapsedMs, args })
  await writeArtifact(join(targetFolder, 'run_results.json'), content)
  await endJournal(targetFolder)
}

interface Performed {
  readonly results: readonly NodeResult[]
  readonly output?: DbtOutput
}

async function perform(session: Session, selected: readonly string[], nodes: readonly Node[]): Promise<Performed> {
  const { command, deps, manifest, options } = session
  if (command === 'parse') return { results: [] }
  if (command === 'ls') {
    return { results: [], output: { kind: 'listing', lines: listNodes(manifest, selected, options) } }
  }
  if (deps.signal?.aborted) throw asMillraceError(deps.signal.reason, 'CANCELLED')
  const held = await deps.beforeRun?.(sourcesOf(manifest, selected))
  try {
    return await work({ ...(await withReferences(session, new Set(selected))), selected }, selected, nodes)
  } finally {
    await held?.[Symbol.asyncDispose]()
  }
}

async function work(session: Session, selected: readonly string[], nodes: readonly Node[]): Promise<Performed> {
  const { command, options } = session
  if (options.checkColumns === true && CHECKED.has(command)) {
    const refused = await refuseColumns(session, nodes)
    if (refused)
      return {
        results: command === 'build' ? [...refused, ...reachEnds(session.manifest, selected, refused)] : refused,
      }
  }
  switch (command) {
    case 'compile': {
      if (options.inline !== undefined) return { results: [], output: await compileInline(session) }
      const results = await compileNodes(session, nodes)
      const [only, ...rest] = nodes
      if (!only || rest.length > 0 || only.compiled_code === null) return { results }
      return { results, output: { kind: 'compiled', name: only.name, inline: false, sql: only.compiled_code } }
    }
    case 'show':
      return { results: [], output: await showNode(session, nodes) }
    case 'run-operation':
      return { results: [await runOperation(session)] }
    case 'source freshness':
      return { results: await freshness(session, selected) }
    case 'docs generate': {
      const results = options.compile === false ? [] : await compileNodes(session, nodes)
      return { results, output: { kind: 'files', files: await generateDocs(session) } }
    }
    case 'clone':
      if (!session.previous?.manifest) {
        throw new MillraceError('USAGE', `clone: ${STATE_REQUIRED}`, {
          hint: 'Name the target folder of an earlier run with --state.',
        })
      }
      return { results: await cloneNodes(session, nodes) }
    default: {
      const results = nodes.length === 0 ? [] : await runGraph(session, nodes)
      return {
        results: command === 'build' ? [...results, ...reachEnds(session.manifest, selected, results)] : results,
      }
    }
  }
}

async function freshness(session: Session, selected: readonly string[]): Promise<readonly NodeResult[]> {
  const started = performance.now()
  const results = await checkFreshness(session, selected)
  const { deps, options, targetFolder, invocation } = session
  if (deps.artifacts !== false) {
    const file = options.outputPath === undefined ? join(targetFolder, 'sources.json') : resolve(options.outputPath)
    await writeArtifact(file, sourcesJson(invocation, results, performance.now() - started))
  }
  return results
}
