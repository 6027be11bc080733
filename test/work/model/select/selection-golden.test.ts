import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { MillraceError } from '../../../../src/base/kernel/index.ts'
import { chooseKinds } from '../../../../src/work/model/command/choose-nodes.ts'
import { downstreams } from '../../../../src/work/model/graph.ts'
import { runDbt } from '../../../../src/work/model/index.ts'
import { type Selection, selectNodes } from '../../../../src/work/model/select/select-nodes.ts'
import { type SelectionGraph, selectionGraph } from '../../../../src/work/model/select/selectable.ts'
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

async function listed(line: string, searched: SelectionGraph = graph): Promise<string[] | null> {
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
    const { ids } = selectNodes(flags.has('--state') ? { ...searched, previous } : searched, selection, selectors)
    return [...ids].filter((id) => kinds.has(searched.members.get(id)?.resource_type ?? '')).sort()
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

describe('so it does in the project as it is read here', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'millrace-selection-'))
  for (const part of ['project', 'changed']) cpSync(join(GOLDEN, part), dir, { recursive: true })
  for (const name of readFileSync(join(GOLDEN, 'removed.txt'), 'utf8').trim().split('\n')) rmSync(join(dir, name))
  cpSync(join(dir, 'extra'), join(dir, 'packages/extra'), { recursive: true })
  const connect = () => Promise.reject(new Error('ls needs no engine'))
  const run = await runDbt('ls', {}, { dir, connect, database: 'shop', schema: 'main', artifacts: false })
  rmSync(dir, { recursive: true, force: true })
  // What changed since another tool wrote its manifest is another question; analyses are not read, and neither is
  // YAML 1.1's "yes", which dbt takes for true.
  const apart = /state|config\.meta\.pii|--resource-type all/
  test.each(answers.filter(({ line }) => !apart.test(line)))('ls $line', async ({ line, ids }) => {
    expect(await listed(line, selectionGraph(run.manifest))).toEqual(ids)
  })
})
