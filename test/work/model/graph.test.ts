import fc from 'fast-check'
import { expect, test } from 'vitest'
import { downstreams, reach, topological } from '../../../src/work/model/graph.ts'

test('an order of any graph without circles puts everything after what it needs', () => {
  const graphs = fc.array(fc.array(fc.nat(20)), { maxLength: 20 })
  fc.assert(
    fc.property(graphs, (rows) => {
      const parents = new Map(rows.map((row, id) => [`${id}`, row.filter((one) => one < id).map(String)]))
      const order = topological(parents)
      expect([...order].sort()).toEqual([...parents.keys()].sort())
      for (const [id, above] of parents)
        for (const one of above) expect(order.indexOf(one)).toBeLessThan(order.indexOf(id))
    }),
  )
})

test('a circle is refused with its path', () => {
  const parents = new Map([
    ['model.p.a', ['model.p.c']],
    ['model.p.b', ['model.p.a']],
    ['model.p.c', ['model.p.b']],
  ])
  expect(() => topological(parents)).toThrow(
    expect.objectContaining({ code: 'MODEL_CYCLE', message: expect.stringContaining('a → c → b → a') }),
  )
})

test('reaching stops at the given depth', () => {
  const parents = new Map([
    ['c', ['b']],
    ['b', ['a']],
    ['a', []],
  ])
  expect([...reach(['c'], parents, 1)]).toEqual(['b'])
  expect([...reach(['a'], downstreams(parents))]).toEqual(['b', 'c'])
})
