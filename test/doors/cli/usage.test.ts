import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { packageVersion } from '../../../src/base/kernel/index.ts'
import { json, millrace, shop, temporaryFolder } from './command-line.ts'

const here = { cwd: import.meta.dirname }

test('no command prints the commands and counts as wrong; help and --help are right', async () => {
  const [none, help, flag] = await Promise.all([
    millrace([], here),
    millrace(['help'], here),
    millrace(['--help'], here),
  ])
  expect(none.code).toBe(2)
  expect(help.code).toBe(0)
  expect(help.out).toContain('millrace task run')
  expect(help.out).toContain('Exit codes: 0 done; 1 the work failed')
  expect([none.out, flag.out]).toEqual([help.out, help.out])
})

test('help of a command comes by --help, -h or help before it, and names every option', async () => {
  const [long, before] = await Promise.all([
    millrace(['task', 'run', '--help'], here),
    millrace(['help', 'task', 'run'], here),
  ])
  expect(long).toMatchObject({ code: 0, err: '' })
  expect(before.out).toBe(long.out)
  for (const flag of ['--ds <day>', '--project-dir <folder>', '-t, --target <name>', '--json'])
    expect(long.out).toContain(flag)
})

test('help of a group lists its commands', async () => {
  const { code, out } = await millrace(['table', '--help'], here)
  expect(code).toBe(0)
  expect(out).toContain('millrace table vacuum')
  expect(out).not.toContain('millrace run')
})

test('the version is that of the package', async () => {
  expect(await millrace(['--version'], here)).toEqual({ code: 0, out: `${packageVersion()}\n`, err: '' })
})

test.each([
  [['rnu'], 'the command "rnu" does not exist', 'Did you mean "run"?'],
  [['table', 'shwo'], 'the command "table shwo" does not exist', 'Did you mean "table show"?'],
  [
    ['table'],
    'millrace table: a second word is missing',
    'There are: table show, table history, table diff, table optimize, ',
  ],
  [['run'], "missing required argument 'pipeline'", 'millrace run --help'],
  [['run', 'x', '--rezume'], "unknown option '--rezume'", 'Did you mean --resume?'],
  [['show', 'a', 'b'], 'too many arguments', 'millrace show --help'],
  [['validate', 'x', '--suite', 'y', '--result-format', 'ALL'], 'Allowed choices are BOOLEAN_ONLY', '--help'],
  [['validate', 'x'], 'no suite was named', 'Add --suite'],
  [['ingest', 'shop'], 'no place to load into was named', 'Add --into raw.'],
  [['query'], 'no query was given', '--file'],
  [['query', 'select 1', '--file', 'x.sql'], 'as text and as a file', 'Give one.'],
  [['query', '--file', 'nope.sql'], 'reading the query from nope.sql', 'current folder'],
  [['query', 'select 1', '--limit', '-1'], '--limit -1 is not a whole number from 0', '--limit 10'],
  [['table', 'show', 'x', '--version', 'new'], '--version new is not a whole number', '--version 10'],
  [['dbt', 'bild'], 'the dbt command "bild" does not exist', 'Did you mean "build"?'],
  [
    ['dbt', 'ls', '--threads', '0', '--project-dir', join(import.meta.dirname, '../../../examples/shop')],
    '--threads 0',
    '--threads 10',
  ],
  [['completion', 'tcsh'], 'the shell "tcsh" does not exist', 'There are: bash, zsh, fish.'],
  [['show', '--project-dir', '/nowhere'], 'looking for millrace.yml from /nowhere upwards', 'millrace init NAME'],
])('%j is refused with exit code 2, the reason and the next step', async (words, reason, hint) => {
  const { code, out, err } = await millrace(words, here)
  expect(err).toContain(reason)
  expect(err.split('\n').find((line) => line.startsWith('  hint '))).toContain(hint)
  expect({ code, out }).toEqual({ code: 2, out: '' })
})

test('with --json an error is one JSON document on stdout, and stderr is silent', async () => {
  const finished = await millrace(['--json', '--target', 'prod', 'rnu'], here)
  expect(json(finished)).toEqual({
    error: {
      code: 'USAGE',
      message: 'the command "rnu" does not exist',
      retry: 'never',
      hint: expect.stringContaining('Did you mean "run"?'),
    },
  })
  expect(finished).toMatchObject({ code: 2, err: '' })
})

test('nothing is coloured when it is piped, whatever FORCE_COLOR says', async () => {
  await using folder = await shop()
  const env = { FORCE_COLOR: '1', TERM: 'xterm-256color' }
  const all = [['help'], ['show', 'etl_pipeline'], ['doctor'], ['query', 'select nothing']]
  for (const { out, err } of await Promise.all(all.map((words) => millrace(words, { cwd: folder.path, env })))) {
    expect(out + err).not.toContain('\u001b[')
  }
})

test('a reader that stops early ends the command quietly', async () => {
  await using folder = await temporaryFolder()
  const program = `"${process.execPath}" --conditions=millrace-source --disable-warning=ExperimentalWarning "${join(import.meta.dirname, 'millrace.ts')}" help | head -1`
  const done = spawnSync('/bin/sh', ['-c', program], { cwd: folder.path, encoding: 'utf8' })
  expect(done).toMatchObject({ status: 0, stderr: '' })
  expect(done.stdout).toContain('The whole data stack')
})

test('completion scripts parse and know commands, second words and options', async () => {
  const { code, out } = await millrace(['completion', 'bash'], here)
  expect(code).toBe(0)
  const complete = (line: string) => {
    const words = line.split(' ')
    const list = words.map((word) => `'${word}'`).join(' ')
    const script = `${out}\nCOMP_WORDS=(${list}); COMP_CWORD=${words.length - 1}; _millrace; printf '%s\\n' "\${COMPREPLY[@]}"`
    const done = spawnSync('bash', ['-c', script], { encoding: 'utf8' })
    expect(done.stderr).toBe('')
    return done.stdout.trim().split('\n')
  }
  expect(complete('millrace ta')).toEqual(['task', 'table'])
  expect(complete('millrace task ')).toContain('run')
  expect(complete('millrace table show --ver')).toEqual(['--version'])
  expect(complete('millrace run x --res')).toEqual(['--resume'])
})
