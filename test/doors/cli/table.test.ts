import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { json, millrace } from './command-line.ts'

/** Written by Spark: created, five rows, four of them deleted by a deletion vector. */
const TABLE = join(import.meta.dirname, '../../data/table/delta/dat/deletion_vectors/delta')
const cwd = tmpdir()
const table = (...args: string[]) => millrace(['table', ...args], { cwd })
const lines = ({ out }: { out: string }) =>
  out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))

test('a Delta table is looked at by its path, without a project', async () => {
  const [rows, then, history, newest, all, count] = await Promise.all([
    table('show', TABLE, '--json'),
    table('show', TABLE, '--version', '1', '--count'),
    table('history', TABLE, '--json'),
    table('diff', TABLE, '--json'),
    table('diff', TABLE, '--from', '0', '--json'),
    table('diff', TABLE, '--version', '1', '--count'),
  ])
  expect(lines(rows)).toEqual([{ letter: 'b', int: 228, date: '1978-12-01' }])
  expect(then.out).toBe('5\n')
  expect((json(history) as { versions: object[] }).versions).toMatchObject([
    { version: 2, operation: 'DELETE' },
    { version: 1, operation: 'WRITE' },
    { version: 0, operation: 'CREATE TABLE' },
  ])
  expect(lines(newest).map((row) => [row._change_type, row._commit_version, row.letter])).toEqual(
    Array.from({ length: 4 }, () => ['delete', 2, 'a']),
  )
  expect(lines(all)).toHaveLength(9)
  expect(count.out).toBe('5\n')
})

test('times before the first version, versions that are none and options that exclude each other are refused', async () => {
  const refused = await Promise.all([
    table('show', TABLE, '--timestamp', '2001-01-01'),
    table('show', TABLE, '--timestamp', 'yesterday'),
    table('show', TABLE, '--version', '7'),
    table('show', TABLE, '--version', '1', '--timestamp', '2030-01-01'),
    table('diff', TABLE, '--from', '1', '--timestamp', '2030-01-01'),
    table('diff', TABLE, '--from', '2', '--to', '1'),
    table('history', join(TABLE, 'nowhere')),
  ])
  const codes = refused.map(({ code, err }) => [code, /error (\w+)/.exec(err)?.[1]])
  expect(codes).toEqual([
    [2, 'DELTA_VERSION_NOT_FOUND'],
    [2, 'OPTION_INVALID'],
    [2, 'DELTA_VERSION_NOT_FOUND'],
    [2, 'OPTION_INVALID'],
    [2, 'OPTION_INVALID'],
    [2, 'OPTION_INVALID'],
    [2, 'DATASET_UNKNOWN'],
  ])
})
