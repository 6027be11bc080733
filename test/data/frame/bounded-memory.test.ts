import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const at = (file: string) => fileURLToPath(new URL(file, import.meta.url))

function run(script: string, args: readonly string[], heapMb: number, stderr: 'inherit' | 'pipe' = 'inherit'): string {
  return execFileSync(
    process.execPath,
    [`--max-old-space-size=${heapMb}`, '--conditions=millrace-source', script, ...args],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', stderr] },
  )
}

test('an iterator over millions of rows holds no more than a chunk of them', { timeout: 600_000 }, () => {
  const rows = 3_000_000
  const { count, sum, peak } = JSON.parse(run(at('./bounded-memory.child.ts'), [String(rows)], 128))
  expect({ count, sum }).toEqual({ count: rows, sum: String((BigInt(rows) * BigInt(rows - 1)) / 2n) })
  // The rows hold 1.5 GB of text alone.
  expect(peak).toBeLessThan(900 * 1024 * 1024)
})

test('a sort and a join of more rows than memory holds are spilled', { timeout: 600_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-spill-'))
  const script = at('../../../bench/contestants/frame-spill.ts')
  try {
    // Memory alone does not hold them: without a place to spill to it ends.
    expect(() => run(script, ['2000000', folder, '500MB', '1MB'], 256, 'pipe')).toThrow('STORE_FULL')
    run(script, ['2000000', folder, '500MB'], 256)
    expect(await readFile(join(folder, 'verdict.txt'), 'utf8')).toBe('2000000 rows sorted and joined\n')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
