import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { localStore } from '../../../../src/base/store/index.ts'
import { DeltaTable } from '../../../../src/data/table/delta/index.ts'
import { commitName } from '../../../../src/data/table/delta/log/log-files.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'millrace-delta-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

const second = (count: number): Date => new Date(Date.UTC(2024, 0, 1) + count * 1000)

/** A log whose commit files are of the given seconds; `own` are the times that the commits keep themselves. */
async function write(files: readonly number[], own?: readonly number[]): Promise<void> {
  const log = join(dir, '_delta_log')
  await mkdir(log, { recursive: true })
  const configuration = own ? { 'delta.enableInCommitTimestamps': 'true' } : {}
  for (const [version, modified] of files.entries()) {
    const lines: object[] = [own ? { commitInfo: { inCommitTimestamp: second(own[version] ?? 0).getTime() } } : {}]
    if (version === 0) {
      lines.push({ protocol: { minReaderVersion: 1, minWriterVersion: 2 } })
      const schemaString = JSON.stringify({ type: 'struct', fields: [{ name: 'id', type: 'long' }] })
      lines.push({ metaData: { id: 't', schemaString, partitionColumns: [], configuration } })
    }
    const path = join(log, commitName(version))
    await writeFile(path, lines.map((line) => JSON.stringify(line)).join('\n'))
    await utimes(path, second(modified), second(modified))
  }
}
const versionOf = async (timestamp: Date) =>
  (await DeltaTable.open(localStore(dir), '', { timestamp })).snapshot.version

test('a table at a moment is its newest version that is not younger', async () => {
  await write([10, 20, 30])
  expect(await versionOf(second(10))).toBe(0)
  expect(await versionOf(second(29))).toBe(1)
  expect(await versionOf(second(30))).toBe(2)
  expect(await versionOf(second(99))).toBe(2)
})

test('a moment before the oldest commit is refused with the time of that one', async () => {
  await write([10, 20])
  await expect(versionOf(second(9))).rejects.toThrow(
    expect.objectContaining({
      code: 'DELTA_VERSION_NOT_FOUND',
      hint: expect.stringContaining('2024-01-01T00:00:10.000Z'),
    }),
  )
})

test('commit files that were copied out of order do not make a later version older', async () => {
  await write([20, 10, 30])
  expect(await versionOf(second(15)).catch((thrown) => thrown.code)).toBe('DELTA_VERSION_NOT_FOUND')
  expect(await versionOf(second(20))).toBe(0)
  expect(await versionOf(second(21))).toBe(1)
})

test('times that the commits keep themselves win over those of the files', async () => {
  await write([50, 50, 50], [10, 20, 30])
  expect(await versionOf(second(25))).toBe(1)
})

test('a version and a timestamp at once are refused', async () => {
  await write([10])
  await expect(DeltaTable.open(localStore(dir), '', { version: 0, timestamp: second(10) })).rejects.toThrow(
    expect.objectContaining({ code: 'OPTION_INVALID' }),
  )
})
