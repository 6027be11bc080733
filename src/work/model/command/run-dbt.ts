import { join } from 'node:path'
import { asMillraceError } from '../../../base/kernel/index.ts'
import { manifestJson } from '../artifacts/manifest-json.ts'
import { runResultsJson } from '../artifacts/run-results-json.ts'
import { writeArtifact } from '../artifacts/write-artifact.ts'
import type { Manifest, Node } from '../node.ts'
import { chooseNodes } from './choose-nodes.ts'
import { compileNodes } from './compile-nodes.ts'
import { listNodes } from './list-nodes.ts'
import type { DbtCommand, DbtDeps, DbtOptions, DbtRun } from './options.ts'
import type { DbtOutput } from './output.ts'
import { isFailure, type NodeResult } from './result.ts'
import { runGraph } from './run-graph.ts'
import { openSession, type Session } from './session.ts'

/**
 * Runs a dbt command on a project.
 * @throws MillraceError for what makes the project as a whole unusable (MODEL_*, REF_NOT_FOUND, SOURCE_NOT_FOUND,
 * JINJA_*, SELECTOR_INVALID) and CANCELLED; a node that fails while it runs is a result, not an error.
 */
export async function runDbt(command: DbtCommand, options: DbtOptions, deps: DbtDeps): Promise<DbtRun> {
  const started = performance.now()
  const emit = deps.onEvent ?? (() => undefined)
  const session = await openSession(command, options, deps)
  const { manifest, invocation } = session
  emit({ kind: 'parsed', nodes: manifest.nodes.size, ms: performance.now() - started, manifest })
  const chosen = chooseNodes(command, options, session)
  const warnings = [
    ...session.warnings,
    ...chosen.unmatched.map((word) => `The selection criterion '${word}' does not match any enabled nodes`),
  ]
  const selected = [...chosen.ids]
  if (selected.length === 0 && WORKING.has(command)) {
    warnings.push(command === 'ls' ? 'No nodes selected!' : NOTHING_TO_DO)
  }
  for (const message of warnings) emit({ kind: 'warning', message })
  const nodes = selected.flatMap((id) => manifest.nodes.get(id) ?? [])
  const { results, output } = await perform(session, selected, nodes)
  const elapsedMs = performance.now() - started
  if (deps.artifacts !== false) {
    await writeArtifact(join(session.targetFolder, 'manifest.json'), manifestJson(invocation, manifest))
    if (command !== 'parse' && command !== 'ls') {
      const args = { which: command, ...options }
      await writeArtifact(
        join(session.targetFolder, 'run_results.json'),
        runResultsJson(invocation, manifest, { results, elapsedMs, args }),
      )
    }
  }
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
const WORKING: ReadonlySet<DbtCommand> = new Set([
  'build',
  'run',
  'test',
  'seed',
  'snapshot',
  'ls',
  'compile',
  'clone',
  'source freshness',
])

interface Performed {
  readonly results: readonly NodeResult[]
  readonly output?: DbtOutput
}

async function perform(session: Session, selected: readonly string[], nodes: readonly Node[]): Promise<Performed> {
  const { command, deps, manifest, options } = session
  if (command === 'parse') return { results: [] }
  if (command === 'ls')
    return { results: [], output: { kind: 'listing', lines: listNodes(manifest, selected, options) } }
  if (nodes.length === 0) return { results: [] }
  if (deps.signal?.aborted) throw asMillraceError(deps.signal.reason, 'CANCELLED')
  const held = await deps.beforeRun?.(sourcesOf(manifest, nodes))
  try {
    if (command === 'compile') return { results: await compileNodes(session, nodes) }
    return { results: await runGraph(session, nodes) }
  } finally {
    await held?.[Symbol.asyncDispose]()
  }
}

/** The sources that nodes read, themselves or through ephemeral models, as `database.schema.identifier`. */
function sourcesOf(manifest: Manifest, nodes: readonly Node[]): string[] {
  const names = new Set<string>()
  const visited = new Set<string>()
  const visit = (id: string): void => {
    if (visited.has(id)) return
    visited.add(id)
    const source = manifest.sources.get(id)
    if (source) names.add(`${source.database}.${source.schema}.${source.identifier}`)
    const node = manifest.nodes.get(id)
    // Views are read through too: they name their sources.
    if (node) for (const parent of manifest.parents.get(id) ?? []) visit(parent)
  }
  for (const node of nodes) visit(node.unique_id)
  return [...names].sort()
}
