import { reach } from '../graph.ts'
import type { Manifest, Node } from '../node.ts'
import type { DbtCommand } from './options.ts'

type Graph = Pick<Manifest, 'parents' | 'children'>
type Runnables = ReadonlyMap<string, Pick<Node, 'resource_type'>>

/**
 * What each node waits for among those of the run. With `build`, a test on a node or source also holds back what is
 * built on that, unless the test itself needs more than that has above it.
 */
export function waitsFor(graph: Graph, byId: Runnables, command: DbtCommand): Map<string, Set<string>> {
  const { single, several } = command === 'build' ? dataTests(graph, byId) : NO_TESTS
  const above = nearestAbove(graph, byId, single)
  const waits = new Map<string, Set<string>>()
  for (const [id, node] of byId) {
    const found = above(id)
    waits.set(id, isTest(node) ? new Set([...found].filter((one) => !isTest(byId.get(one)))) : new Set(found))
  }
  for (const { test, subjects } of several) {
    const [first = new Set<string>(), ...rest] = subjects.map((one) => reach([one], graph.children))
    for (const id of first) {
      const node = byId.get(id)
      if (node && !isTest(node) && rest.every((below) => below.has(id))) waits.get(id)?.add(test)
    }
  }
  if (command === 'build') {
    const before = new Map<string, string>()
    for (const [id, node] of byId) {
      if (node.resource_type !== 'unit_test') continue
      const [subject = ''] = graph.parents.get(id) ?? []
      if (!byId.has(subject)) continue
      // It needs no model to be built, and one that it finds wrong is not.
      const previous = before.get(subject)
      // Those of one model are tried one after the other, up to the first that finds it wrong, as in dbt.
      waits.set(id, new Set([...above(subject), ...(previous === undefined ? [] : [previous])]))
      before.set(subject, id)
      waits.get(subject)?.add(id)
    }
  }
  return waits
}

interface DataTests {
  /** Tests of one node each, by that node. */
  readonly single: ReadonlyMap<string, readonly string[]>
  readonly several: readonly { readonly test: string; readonly subjects: readonly string[] }[]
}

const NO_TESTS: DataTests = { single: new Map(), several: [] }

function dataTests(graph: Graph, byId: Runnables): DataTests {
  const single = new Map<string, string[]>()
  const several: { test: string; subjects: readonly string[] }[] = []
  for (const [test, node] of byId) {
    if (!isTest(node)) continue
    const subjects = graph.parents.get(test) ?? []
    const [subject] = subjects
    if (subjects.length > 1) several.push({ test, subjects })
    else if (subject !== undefined) single.set(subject, [...(single.get(subject) ?? []), test])
  }
  return { single, several }
}

function isTest(node: Pick<Node, 'resource_type'> | undefined): boolean {
  return node?.resource_type === 'test'
}

/**
 * The nodes of the run nearest above each, with the tests of those it passes: ephemeral models and nodes outside the
 * run hand on what they wait for. Those further up are waited for by the nearest.
 */
function nearestAbove(graph: Graph, byId: Runnables, tests: DataTests['single']): (id: string) => ReadonlySet<string> {
  const known = new Map<string, ReadonlySet<string>>()
  return (id) => {
    const stack = [id]
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const parents = graph.parents.get(top) ?? []
      const outside = parents.filter((one) => !byId.has(one) && !known.has(one))
      if (outside.length > 0) {
        stack.push(...outside)
        continue
      }
      const found = new Set<string>()
      for (const one of parents) {
        for (const test of tests.get(one) ?? []) found.add(test)
        if (byId.has(one)) found.add(one)
        else for (const further of known.get(one) ?? []) found.add(further)
      }
      known.set(top, found)
      stack.pop()
    }
    return known.get(id) ?? new Set()
  }
}
