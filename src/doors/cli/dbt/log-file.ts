import { appendFileSync, existsSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { LogLevel } from './log-lines.ts'
import type { FlagValues } from './read-flags.ts'

/** How lines go into the log file. */
export interface LogFile {
  readonly path: string
  readonly level: LogLevel | 'none'
  readonly format: 'text' | 'debug' | 'json'
  readonly colours: boolean
}

const FLAGS = ['log_path', 'log_level_file', 'log_format_file', 'log_file_max_bytes', 'use_colors_file']

const MAX_BYTES = 10 * 1024 * 1024

/**
 * The log file that flags ask for, or undefined: dbt always writes one, Millrace when one of its flags is given. A file
 * that has grown too large is put aside as `dbt.log.1`.
 */
export function logFileOf(flags: FlagValues): LogFile | undefined {
  if (!FLAGS.some((name) => flags[name] !== undefined)) return undefined
  const folder = resolve(String(flags['log_path'] ?? 'logs'))
  mkdirSync(folder, { recursive: true })
  const path = join(folder, 'dbt.log')
  const most = Number(flags['log_file_max_bytes'] ?? MAX_BYTES)
  if (most > 0 && existsSync(path) && statSync(path).size > most) renameSync(path, `${path}.1`)
  const format = flags['log_format_file']
  return {
    path,
    level: (flags['log_level_file'] as LogLevel | 'none' | undefined) ?? 'debug',
    format: format === 'json' || format === 'text' ? format : 'debug',
    colours: flags['use_colors_file'] !== false,
  }
}

/** Adds lines to a log file. */
export function appendLines(path: string, lines: readonly string[]): void {
  if (lines.length > 0) appendFileSync(path, `${lines.join('\n')}\n`)
}
