import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { TaskNode } from '../../../src/run/pipeline/index.ts'
import { walkGraph } from '../../../src/run/pipeline/runs/walk-graph.ts'

/** Acyclic graphs, which of their tasks fail, and which have been done before. */
const cases = fc.integer({ min: 1, max: 9 }).chain((size) =>
  fc.record({
    tasks: fc.array(fc.array(fc.nat({ max: 8 }), { maxLength: 3 }), { minLength: size, maxLength: size }).map((needs) =>
      needs.map((list, index): TaskNode => {
        const ids = [...new Set(list.filter((need) => need < index))].map((need) => `t${need}`)
        return { id: `t${index}`, kind: 'step', needs: ids, options: {} }
      }),
    ),
    fails: fc.uniqueArray(fc.nat({ max: size - 1 }), { maxLength: 2 }),
    maxParallel: fc.integer({ min: 1, max: 4 }),
    abortAfter: fc.option(fc.nat({ max: 8 }), { nil: undefined }),
  }),
)

test('each task runs at most once, after all it needs, within the limit, and what is behind a failure never runs', async () => {
  await fc.assert(
    fc.asyncProperty(cases, async ({ tasks, fails, maxParallel, abortAfter }) => {
      const failing = new Set(fails.map((index) => `t${index}`))
      const abort = new AbortController()
      const ended = new Map<string, string>()
      let running = 0
      let started = 0
      await walkGraph(tasks, {
        maxParallel,
        done: new Set(),
        signal: abort.signal,
        skip: ({ id }, status) => void ended.set(id, status),
        run: async ({ id, needs }) => {
          expect(ended.has(id)).toBe(false)
          expect(abort.signal.aborted).toBe(false)
          for (const need of needs) expect(ended.get(need)).toBe('success')
          running += 1
          started += 1
          expect(running).toBeLessThanOrEqual(maxParallel)
          if (started === abortAfter) abort.abort()
          await new Promise((resolve) => setImmediate(resolve))
          running -= 1
          const status = failing.has(id) ? 'failed' : 'success'
          ended.set(id, status)
          return status
        },
      })
      expect(ended.size).toBe(tasks.length)
      for (const { id, needs } of tasks) {
        const behind = needs.some((need) => ['failed', 'upstream_failed'].includes(ended.get(need) ?? ''))
        if (behind && abortAfter === undefined) expect(ended.get(id)).toBe('upstream_failed')
        if (behind) expect(['upstream_failed', 'cancelled']).toContain(ended.get(id))
        if (abortAfter === undefined && !behind) expect(ended.get(id)).toBe(failing.has(id) ? 'failed' : 'success')
      }
    }),
    { numRuns: 200 },
  )
})
