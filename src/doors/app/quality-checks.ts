import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { MillraceError } from '../../base/kernel/index.ts'
import {
  columnsOf,
  type KeptResult,
  latestValidations,
  limitsOf,
  shortened,
  wordsOf,
} from '../../work/quality/index.ts'
import type { Project } from './open-project.ts'

/** A check of a project's data, whoever states it, and what became of it last. */
export interface QualityCheck {
  readonly by: 'expectation' | 'dbt test'
  /** `schema.table`, or the name of what dbt tests. */
  readonly dataset: string
  readonly column: string
  readonly check: string
  /** Of a suite, or of the dbt project. */
  readonly of: string
  readonly severity: string
  readonly status: 'met' | 'not met' | 'error' | 'not run'
  readonly seen: string
  /** ISO 8601, UTC; null when it was not run. */
  readonly at: string | null
}

/**
 * All checks of a project in one list: the expectations of each dataset's latest validation by each suite, and the data
 * tests of dbt with their results of the last invocation. By dataset, column and check.
 * @throws MillraceError MODEL_INVALID when an artifact of dbt cannot be read
 */
export async function qualityChecks(project: Project, dataset?: string): Promise<QualityCheck[]> {
  const kept = await latestValidations(project.state)
  const expectations = kept.flatMap(({ dataset: of, suite, runTime, results }) =>
    results.map((one) => ofExpectation(one, of, suite, runTime)),
  )
  const all = [...expectations, ...(await dbtTests(join(project.dir, 'target')))]
  const keyOf = (one: QualityCheck) => [one.dataset, one.column, one.check].join('\0')
  return all
    .filter((one) => dataset === undefined || one.dataset === dataset)
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
}

function ofExpectation(one: KeptResult, dataset: string, suite: string, at: string): QualityCheck {
  const counted = one.unexpected === undefined ? '' : `${one.unexpected} of ${one.elements ?? 0} unexpected`
  return {
    by: 'expectation',
    dataset,
    column: columnsOf(one.kwargs),
    check: [wordsOf(one.type), shortened(limitsOf(one.kwargs), 80)].filter(Boolean).join(' '),
    of: suite,
    severity: one.severity,
    status: one.error === undefined ? (one.success ? 'met' : 'not met') : 'error',
    seen: one.error ?? (one.observed === undefined ? counted : `observed ${one.observed}`),
    at,
  }
}

interface Artifacts {
  readonly manifest: {
    readonly metadata?: { readonly project_name?: string }
    readonly nodes: Readonly<Record<string, DbtNode>>
    readonly sources?: Readonly<Record<string, DbtNode>>
  }
  readonly results: {
    readonly metadata: { readonly generated_at: string }
    readonly results: readonly { unique_id: string; status: string; failures: number | null; message: string | null }[]
  }
}
interface DbtNode {
  readonly resource_type: string
  readonly name: string
  readonly schema?: string
  readonly alias?: string
  readonly column_name?: string | null
  readonly attached_node?: string | null
  readonly test_metadata?: { readonly name: string } | null
  readonly depends_on?: { readonly nodes?: readonly string[] }
  readonly config?: { readonly severity?: string }
}

const STATUS: Readonly<Record<string, QualityCheck['status']>> = {
  pass: 'met',
  fail: 'not met',
  warn: 'not met',
  error: 'error',
}

/** The data tests of a target folder; none without one. */
async function dbtTests(folder: string): Promise<QualityCheck[]> {
  const manifest = await artifact<Artifacts['manifest']>(folder, 'manifest.json')
  if (!manifest) return []
  const run = await artifact<Artifacts['results']>(folder, 'run_results.json')
  const results = new Map(run?.results.map((one) => [one.unique_id, one]))
  const tests = Object.entries(manifest.nodes).filter(([, { resource_type }]) => resource_type === 'test')
  return tests.map(([unique, node]) => {
    const [target = ''] = [node.attached_node, ...(node.depends_on?.nodes ?? [])].filter(
      (one) => typeof one === 'string',
    )
    const tested = manifest.nodes[target] ?? manifest.sources?.[target]
    const result = results.get(unique)
    const status = STATUS[result?.status ?? ''] ?? 'not run'
    return {
      by: 'dbt test' as const,
      dataset: tested ? [tested.schema, tested.alias ?? tested.name].filter(Boolean).join('.') : target,
      column: node.column_name ?? '',
      check: (node.test_metadata?.name ?? node.name).replaceAll('_', ' '),
      of: manifest.metadata?.project_name ?? 'dbt',
      severity: (node.config?.severity ?? 'error').toLowerCase() === 'warn' ? 'warning' : 'critical',
      status,
      seen:
        status === 'error'
          ? (result?.message ?? '')
          : result?.failures
            ? `${result.failures} row${result.failures === 1 ? ' fails' : 's fail'}`
            : '',
      at: status === 'not run' ? null : (run?.metadata.generated_at ?? null),
    }
  })
}

async function artifact<T>(folder: string, name: string): Promise<T | undefined> {
  const file = join(folder, name)
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (text === undefined) return undefined
  try {
    return JSON.parse(text) as T
  } catch (cause) {
    throw new MillraceError('MODEL_INVALID', `reading ${file}: it is not JSON`, { cause, at: { file } })
  }
}
