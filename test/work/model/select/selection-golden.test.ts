import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { MillraceError } from '../../../../src/base/kernel/index.ts'
import { chooseKinds } from '../../../../src/work/model/command/choose-nodes.ts'
import { downstreams } from '../../../../src/work/model/graph.ts'
import { type Selection, selectNodes } from '../../../../src/work/model/select/select-nodes.ts'
import type { SelectionGraph } from '../../../../src/work/model/select/selectable.ts'
import type { IndirectSelection } from '../../../../src/work/model/select/selection-spec.ts'
import { readSelectors } from '../../../../src/work/model/select/yaml-selectors.ts'
import { previousManifest, readManifestJson, readState } from '../../../../src/work/model/state/read-state.ts'

// Recorded by scripts/dbt/record-selection.py from dbt's own `ls`.
const GOLDEN = join(import.meta.dirname, '../golden-selection')
const answers = JSON.parse(readFileSync(join(GOLDEN, 'answers.json'), 'utf8')) as {
  line: string
  ids: string[] | null
}[]

const manifest = await readManifestJson(join(GOLDEN, 'after/manifest.json'))
if (!manifest) throw new Error('there is no recorded manifest')
const read = previousManifest(manifest)
const parents = new Map(Object.entries(manifest['parent_map'] as Record<string, string[]>))
const graph: SelectionGraph = { ...read, parents, children: downstreams(parents) }
const previous = await readState(GOLDEN, { folder: 'before', targetPath: 'after' })

/** The words of a line as flags with their values. */
function flagsOf(line: string): Map<string, string[]> {
  const flags = new Map<string, string[]>()
  for (const [flag = '', ...values] of line.split(/(?=--)/).map((part) => part.trim().split(/\s+/))) {
    flags.set(flag, values)
  }
  return flags
}

async function listed(line: string): Promise<string[] | null> {
  const flags = flagsOf(line)
  const [indirect] = flags.get('--indirect-selection') ?? []
  const mode = indirect === undefined ? {} : { indirect: indirect as IndirectSelection }
  const { selectors } = await readSelectors(join(GOLDEN, 'project'), { render: (text) => text, ...mode })
  const [select, exclude, selector] = [flags.get('--select'), flags.get('--exclude'), flags.get('--selector')?.[0]]
  const selection: Selection = {
    ...mode,
    ...(select ? { select } : {}),
    ...(exclude ? { exclude } : {}),
    ...(selector === undefined ? {} : { selector }),
  }
  const kinds = chooseKinds('ls', {
    resourceTypes: flags.get('--resource-type') ?? [],
    excludeResourceTypes: flags.get('--exclude-resource-type') ?? [],
  })
  try {
    const { ids } = selectNodes(flags.has('--state') ? { ...graph, previous } : graph, selection, selectors)
    return [...ids].filter((id) => kinds.has(graph.members.get(id)?.resource_type ?? '')).sort()
  } catch (thrown) {
    if (thrown instanceof MillraceError && thrown.code === 'SELECTOR_INVALID') return null
    throw thrown
  }
}

describe('a selection takes what dbt takes', () => {
  test.each(answers)('ls $line', async ({ line, ids }) => {
    expect(await listed(line)).toEqual(ids)
  })
})
