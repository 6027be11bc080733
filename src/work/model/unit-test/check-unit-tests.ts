import { MillraceError } from '../../../base/kernel/index.ts'
import type { Manifest, Node } from '../node.ts'
import { isUnsaid } from './fixture-rows.ts'

/**
 * What can be said of unit tests before one runs, as dbt says it when it reads a project: an input without rows is a
 * seed, and tests of incremental models say which way they go.
 * @throws MillraceError UNIT_TEST_INVALID
 */
export function checkUnitTests(manifest: Manifest): void {
  const { nodes, parents } = manifest
  for (const node of nodes.values()) {
    const { unit_test: test } = node
    if (!test) continue
    for (const { input } of test.given.filter(isUnsaid)) checkSeed(manifest, node, input)
    const tested = (parents.get(node.unique_id) ?? [])
      .map((id) => nodes.get(id))
      .find((one) => one?.name === test.model)
    if (tested) checkIncremental(node, tested)
  }
}

const REF = /^\s*ref\(\s*['"]([^'"]+)['"](?:\s*,\s*['"]([^'"]+)['"])?\s*\)\s*$/

function checkSeed({ refs }: Manifest, node: Node, input: string): void {
  const [, first, second] = REF.exec(input) ?? []
  if (first === undefined) return
  const written = { name: second ?? first, package: second === undefined ? null : first, version: null }
  if (refs.find(written, node.package_name)?.resource_type === 'seed') return
  throw new MillraceError(
    'UNIT_TEST_INVALID',
    `reading the unit test ${node.name}: it gives no rows for ${input}, which is no seed`,
    { at: { file: node.original_file_path }, hint: `Write { input: ${input}, rows: [] }.` },
  )
}

function checkIncremental(node: Node, tested: Node): void {
  const { unit_test: test } = node
  if (!test || !tested.depends_on.macros.includes('macro.dbt.is_incremental')) return
  const at = { file: node.original_file_path }
  const way = test.overrides.macros['is_incremental']
  if (typeof way !== 'boolean') {
    throw new MillraceError(
      'UNIT_TEST_INVALID',
      `reading the unit test ${node.name}: it does not say whether ${tested.name} is incremental`,
      { at, hint: 'Say overrides: { macros: { is_incremental: true } }, or false.' },
    )
  }
  if (way && !test.given.some(({ input }) => input.trim() === 'this')) {
    throw new MillraceError(
      'UNIT_TEST_INVALID',
      `reading the unit test ${node.name}: ${tested.name} is incremental, and its rows so far are not given`,
      { at, hint: 'Add { input: this, rows: [] } to `given`.' },
    )
  }
}
