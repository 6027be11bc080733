import { expect, test } from 'vitest'
import { waitsFor } from '../../../../src/work/model/command/waits-for.ts'
import { downstreams } from '../../../../src/work/model/graph.ts'

const parents = new Map<string, string[]>([
  ['source', []],
  ['seed', []],
  ['a', ['source']],
  ['hidden', ['a']],
  ['b', ['hidden']],
  ['c', ['b', 'seed']],
  ['test_source', ['source']],
  ['test_a', ['a']],
  ['test_b', ['b']],
  ['test_b_seed', ['b', 'seed']],
])
const graph = { parents, children: downstreams(parents) }
const waits = (ids: string[], command: 'run' | 'build') => {
  const byId = new Map(
    ids.map((id) => [id, { resource_type: id.startsWith('test') ? ('test' as const) : ('model' as const) }]),
  )
  return Object.fromEntries([...waitsFor(graph, byId, command)].map(([id, set]) => [id, [...set].sort().join(' ')]))
}
const all = ['a', 'b', 'c', 'seed', 'test_source', 'test_a', 'test_b', 'test_b_seed']

test('a run waits for the nearest nodes above, past those that are not built', () => {
  expect(waits(['a', 'b', 'c', 'seed'], 'run')).toEqual({ a: '', b: 'a', c: 'b seed', seed: '' })
})

test('with build, tests of nodes and sources hold back what is built on them', () => {
  expect(waits(all, 'build')).toEqual({
    a: 'test_source',
    b: 'a test_a',
    c: 'b seed test_b test_b_seed',
    seed: '',
    test_source: '',
    test_a: 'a',
    test_b: 'b',
    test_b_seed: 'b seed',
  })
})

test('so does a test whose subject is not built in this run, as when a build is tried again', () => {
  expect(waits(['c', 'test_b', 'test_a'], 'build')).toMatchObject({ c: 'test_a test_b', test_b: '' })
})

test('with build, unit tests of one model are tried one after the other before it, up to the first that fails', () => {
  const parents = new Map<string, string[]>([
    ['model', []],
    ['unit_one', ['model']],
    ['unit_two', ['model']],
  ])
  const kind = (id: string) => (id.startsWith('unit') ? ('unit_test' as const) : ('model' as const))
  const byId = new Map([...parents.keys()].map((id) => [id, { resource_type: kind(id) }]))
  const found = waitsFor({ parents, children: downstreams(parents) }, byId, 'build')
  expect([...(found.get('unit_one') ?? [])]).toEqual([])
  expect([...(found.get('unit_two') ?? [])]).toEqual(['unit_one'])
  expect([...(found.get('model') ?? [])]).toEqual(['unit_one', 'unit_two'])
})
