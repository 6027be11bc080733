import { expect, test } from 'vitest'
import type { Contestant, Prepared, Summary } from '../../bench/harness/bench.ts'
import { asMarkdown, asText, compare, keptLimits, type Report } from '../../bench/harness/report.ts'

const side = (name: string, role: Contestant['role']): Contestant => ({
  name,
  role,
  version: '1',
  work: () => ({ command: 'true', args: [] }),
  result: async () => '',
})
const summary = (wall: number): Summary => {
  const run = { wall, cpu: wall, server: 0, memory: 0 }
  return { runs: [run, run, run, run, run], median: run }
}
function report(prepared: Prepared, summaries: ReadonlyMap<string, Summary>): Report {
  return {
    bench: 'some',
    data: 'Data.',
    date: '2024-01-01',
    machine: 'one',
    commit: 'abc',
    load: 0,
    outputs: 'equal',
    sides: prepared.contestants.map(({ name, version }) => ({ name, version, runs: 5, median: summary(1).median })),
    comparisons: compare(prepared, summaries),
    limits: keptLimits(prepared, summaries),
    remarks: [],
  }
}

test('sides that are all ours are held against their limits, and not against each other', () => {
  const prepared: Prepared = {
    data: 'Data.',
    contestants: [side('page', 'ours'), side('list', 'ours')],
    targets: [],
    limits: ['page', 'list'].map((name) => ({ side: name, measure: 'wall', atMostSeconds: 0.2 })),
  }
  const made = report(prepared, new Map([['page', summary(0.128)], ['list', summary(0.3)]])) // biome-ignore format: one line
  expect(made.comparisons).toEqual([])
  expect(asText(made)).toContain('page: 128 ms by wall clock; at most 200 ms: reached')
  expect(asText(made)).toContain('list: 300 ms by wall clock; at most 200 ms: MISSED')
  expect(asText(made)).not.toContain('×')
  expect(asMarkdown(made)).toContain('| list | wall | 300 ms | ≤ 200 ms, **missed** |')
  expect(asMarkdown(made)).not.toContain('theirs ÷ ours')
})

test('ours is compared with each other side', () => {
  const prepared: Prepared = {
    data: 'Data.',
    contestants: [side('we', 'ours'), side('they', 'peer')],
    targets: [{ against: 'they', measure: 'wall', atLeast: 2 }],
  }
  const made = report(prepared, new Map([['we', summary(1)], ['they', summary(3)]])) // biome-ignore format: one line
  expect(asText(made)).toMatch(/^3\.00× they by wall clock .* to reach 2\.00×: reached$/m)
  expect(asMarkdown(made)).toContain('theirs ÷ ours')
  expect(asMarkdown(made)).not.toContain('| took |')
})
