import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findCycle, inOrder } from '../../../src/run/pipeline/check-graph.ts'

/** Graphs of up to eight tasks with any edges at all. */
const graphs = fc.integer({ min: 1, max: 8 }).chain((size) =>
  fc
    .array(fc.uniqueArray(fc.integer({ min: 0, max: size - 1 }), { maxLength: 3 }), {
      minLength: size,
      maxLength: size,
    })
    .map((edges) => edges.map((needs, index) => ({ id: `t${index}`, needs: needs.map((need) => `t${need}`) }))),
)

test('a graph has a circle or an order, never both and never neither', () => {
  fc.assert(
    fc.property(graphs, (tasks) => {
      const cycle = findCycle(tasks)
      const order = inOrder(tasks).map(({ id }) => id)
      if (cycle === undefined) {
        expect(order.toSorted()).toEqual(tasks.map(({ id }) => id).toSorted())
        for (const { id, needs } of tasks)
          for (const need of needs) expect(order.indexOf(need)).toBeLessThan(order.indexOf(id))
      } else {
        expect(order.length).toBeLessThan(tasks.length)
        expect(cycle[0]).toBe(cycle.at(-1))
        for (const [index, id] of cycle.entries()) {
          const next = cycle[index + 1]
          if (next !== undefined) expect(tasks.find((task) => task.id === next)?.needs).toContain(id)
        }
      }
    }),
  )
})

test('a chain of fifty thousand tasks is checked without exhausting the stack', () => {
  const tasks = Array.from({ length: 50_000 }, (_, index) => ({
    id: `t${index}`,
    needs: index === 49_999 ? [] : [`t${index + 1}`],
  }))
  expect(findCycle(tasks)).toBeUndefined()
})
