import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { literal, sql } from '../../../src/base/sql/index.ts'
import { openDuckDb } from '../../../src/data/engine/index.ts'
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

test('a vacuum lists what would go, removes it when it may, and says so in JSON', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-cli-vacuum-'))
  try {
    await cp(TABLE, folder, { recursive: true })
    const left = join(folder, 'part-dead.parquet')
    await writeFile(left, 'left')
    const dry = ['vacuum', folder, '--dry-run']
    const [young, short, listed] = [
      await table(...dry, '--json'),
      await table('vacuum', folder, '--retain', '0 hours'),
      await table(...dry, '--retain', '0 hours', '--allow-short-retention'),
    ]
    expect(json(young)).toMatchObject({ version: 2, dryRun: true, retainHours: 168, files: [] })
    expect([short.code, short.err]).toEqual([2, expect.stringContaining('OPTION_INVALID')])
    expect(listed.out).toBe('part-dead.parquet\n')
    const done = await table('vacuum', folder, '--retain', '0 hours', '--allow-short-retention', '--json')
    expect(json(done)).toMatchObject({ dryRun: false, files: ['part-dead.parquet'], bytes: 4 })
    expect((await table('show', folder, '--count')).out).toBe('1\n')
    expect(json(await table('checkpoint', folder, '--json'))).toEqual({ version: 2 })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

test('a folder is converted, compacted and restored', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-cli-table-'))
  try {
    await using engine = await openDuckDb({ threads: 1 })
    await using connection = await engine.connect()
    for (const n of [1, 2]) {
      const file = join(folder, `day=2024-01-0${n}`, `${n}.parquet`)
      await mkdir(join(file, '..'))
      await connection.execute(sql`copy (select ${literal(n)} as id, 'x' as t) to ${literal(file)}`)
    }
    expect(json(await table('convert', folder, '--json'))).toEqual({ version: 0, files: 2, partitionBy: ['day'] })
    expect((await table('optimize', folder)).out).toBe('nothing to do: 2 files looked at\n')
    const ordered = await table('optimize', folder, '--zorder-by', 'id,t', '--where', "day = '2024-01-02'", '--json')
    expect(json(ordered)).toMatchObject({ versions: [1], filesRemoved: 1, filesAdded: 1, partitions: 1 })
    expect((await table('restore', folder, '--version', '0')).out).toBe(
      'version 2 is version 0 again: 1 files came back, 1 left\n',
    )
    expect((await table('show', folder, '--count')).out).toBe('2\n')
    const refused = await Promise.all([
      table('restore', folder),
      table('restore', folder, '--version', '99'),
      table('convert', folder),
      table('optimize', folder, '--zorder-by', 'day'),
      table('optimize', folder, '--where', 'nothing = 1'),
    ])
    expect(refused.map(({ err }) => /error (\w+)/.exec(err)?.[1])).toEqual([
      'OPTION_MISSING',
      'DELTA_VERSION_NOT_FOUND',
      'TABLE_EXISTS',
      'OPTION_INVALID',
      'ENGINE_SQL',
    ])
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

test('a clone begins with the files of a version, and goes its own way', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-cli-clone-'))
  try {
    const [source, clone] = [join(folder, 'source'), join(folder, 'clone')]
    await cp(TABLE, source, { recursive: true })
    const rows = (await table('show', source, '--version', '1', '--json')).out
    const cloned = await table('clone', source, clone, '--shallow', '--version', '1', '--json')
    expect(json(cloned)).toMatchObject({ version: 0, sourceVersion: 1 })
    expect((await table('show', clone, '--json')).out).toBe(rows)
    const refused = [
      await table('clone', source, join(folder, 'other')),
      await table('clone', source, clone, '--shallow'),
      await table('clone', source, join(folder, 'other'), '--shallow', '--version', '99'),
    ]
    expect(refused.map(({ err }) => /error (\w+)/.exec(err)?.[1])).toEqual([
      'OPTION_MISSING',
      'TABLE_EXISTS',
      'DELTA_VERSION_NOT_FOUND',
    ])
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

test('a bare name of a folder with data is told how to be written', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-bare-'))
  try {
    await cp(TABLE, join(folder, 'letters'), { recursive: true })
    for (const command of ['show', 'history', 'optimize']) {
      const { code, err } = await millrace(['table', command, 'letters'], { cwd: folder })
      expect(code).not.toBe(0)
      expect(err).toContain('There is delta data in the folder letters: write ./letters.')
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
