import { unknownName } from '../../../base/kernel/index.ts'
import type { Node } from '../node.ts'
import type { TestTarget } from './generic-test.ts'
import { testNode } from './new-node.ts'
import type { ProjectFile } from './project-files.ts'
import type { Properties, TestEntry } from './properties.ts'
import { apply, type ConfigLayers, configure, layersOf, named, type Reader } from './reader.ts'
import { readByRendering } from './reading.ts'
import { writtenConfig } from './static-calls.ts'
import { withTestArguments } from './test-arguments.ts'

/** What `ref()` finds. */
const REFERABLE: ReadonlySet<string> = new Set(['model', 'seed', 'snapshot'])

interface Attached {
  readonly test: TestEntry
  readonly file: ProjectFile
  readonly target: TestTarget
}

/** The generic tests that properties files attach to nodes that are enabled, and to sources. */
export async function readAttachedTests(
  reader: Reader,
  properties: Properties,
  nodes: readonly Node[],
): Promise<Node[]> {
  const tests: Node[] = []
  for (const { test, file, target } of attachedTests(properties, nodes)) {
    const node = testNode(reader, test, file, target)
    // What the test's macro says of settings stands between those of dbt_project.yml and the entry's own.
    const layers = layersOf(reader, 'tests', node.fqn, test.tags.length > 0 ? [{ tags: test.tags }] : [])
    configure(node, layers, node.unrendered_config)
    await readTest(reader, node, layers)
    checkSeverity(node)
    tests.push(await named(reader, node))
  }
  return tests
}

/** @throws MillraceError MODEL_INVALID for a severity that is neither `warn` nor `error` */
export function checkSeverity(node: Node): void {
  const severity = String(node.config['severity'])
  if (/^(warn|error)$/i.test(severity)) return
  throw unknownName(
    'MODEL_INVALID',
    `reading ${node.original_file_path}: ${node.name}: the severity`,
    severity,
    ['warn', 'error'],
    {
      at: { file: node.original_file_path },
    },
  )
}

function attachedTests({ patches, sources }: Properties, nodes: readonly Node[]): Attached[] {
  const enabled = patches.filter((patch) =>
    nodes.some(
      (node) =>
        node.name === patch.name &&
        // As in dbt a test holds for what has the name, even under the wrong heading, which takes the rest away.
        (node.resource_type === patch.kind || (REFERABLE.has(node.resource_type) && REFERABLE.has(patch.kind))) &&
        (node.version ?? undefined) === patch.version?.v &&
        node.config.enabled,
    ),
  )
  return [
    ...enabled.flatMap((patch) =>
      (patch.kind === 'analysis' ? [] : patch.tests).map((test) => ({
        test,
        file: patch.file,
        target: {
          kind: 'ref' as const,
          section: `${patch.kind as Exclude<typeof patch.kind, 'analysis'>}s` as const,
          name: patch.name,
          ...(patch.version ? { version: patch.version.v } : {}),
        },
      })),
    ),
    ...sources.flatMap((entry) =>
      entry.tests.map((test) => ({
        test,
        file: entry.file,
        target: { kind: 'source' as const, source: entry.source, name: entry.name },
      })),
    ),
  ]
}

async function readTest({ invocation, templates, owner }: Reader, node: Node, layers: ConfigLayers): Promise<void> {
  const { test_metadata: metadata } = node
  if (!metadata) return
  const macro = invocation.macros.idOf(`test_${metadata.name}`, metadata.namespace ?? undefined, owner.project.name)
  if (macro === undefined) {
    const known = Object.keys(invocation.macros.namesFor(owner.project.name)).filter((name) => name.startsWith('test_'))
    throw unknownName(
      'MODEL_INVALID',
      `reading ${node.original_file_path}: the test`,
      `${metadata.namespace === null ? '' : `${metadata.namespace}.`}${metadata.name}`,
      known.map((name) => name.slice('test_'.length)),
      { at: { file: node.original_file_path } },
    )
  }
  node.depends_on.macros = [macro]
  // What these two refer to is known without rendering, and they are most of all tests.
  if (macro === 'macro.dbt.test_unique' || macro === 'macro.dbt.test_not_null') return
  node.refs = []
  node.sources = []
  const calls = await readByRendering(invocation, templates, node, (context) =>
    withTestArguments(metadata, node.original_file_path, templates, context),
  )
  apply(node, calls, layers, writtenConfig(templates, node.raw_code, node.original_file_path))
}
