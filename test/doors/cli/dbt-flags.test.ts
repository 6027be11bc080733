import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { appendLines, logFileOf } from '../../../src/doors/cli/dbt/log-file.ts'
import { idleFlags } from '../../../src/doors/cli/dbt/read-flags.ts'

test('a flag that changes nothing says so when it is written, with a code', () => {
  expect(idleFlags({ options: { macroDebugging: true, staticParser: false, select: ['a'] } })).toEqual([
    'OPTION_IDLE: --macro-debugging has no effect: errors name the macros they passed through',
    'OPTION_IDLE: --no-static-parser has no effect: files are read in the way that tells the same of them',
  ])
})

test('a log file is written when one of its flags is given, and put aside when it is large', () => {
  expect(logFileOf({ log_format: 'json' })).toBeUndefined()
  const folder = mkdtempSync(join(tmpdir(), 'log-file-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = logFileOf({ log_path: folder, log_level_file: 'warn' })
  expect(file).toEqual({ path: join(folder, 'dbt.log'), level: 'warn', format: 'debug', colours: true })
  appendLines(join(folder, 'dbt.log'), ['one', 'two'])
  appendLines(join(folder, 'dbt.log'), ['three'])
  expect(readFileSync(join(folder, 'dbt.log'), 'utf8')).toBe('one\ntwo\nthree\n')
  writeFileSync(join(folder, 'dbt.log'), 'x'.repeat(100))
  logFileOf({ log_path: folder, log_file_max_bytes: 50 })
  expect(readFileSync(join(folder, 'dbt.log.1'), 'utf8')).toHaveLength(100)
})
