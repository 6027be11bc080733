import { type ErrorCode, MillraceError, type Retry } from '../../../base/kernel/index.ts'
import type { PostgresFailure } from '../../../base/postgres/index.ts'

/** The statement that an error is about. */
export interface Running {
  /** The text that the server counts its position in; absent where it is not one that the user knows. */
  readonly text?: string | undefined
  readonly file?: string | undefined
}

interface Rule {
  readonly states: RegExp
  readonly code: ErrorCode
  readonly hint?: string
  readonly retry?: Retry
}

/** By SQLSTATE (PostgreSQL, appendix A); the first that matches counts. */
const RULES: readonly Rule[] = [
  { states: /^53100$/, code: 'STORE_FULL', retry: 'again', hint: 'Make room on the disk of the server.' },
  {
    states: /^53200$/,
    code: 'ENGINE_OUT_OF_MEMORY',
    hint: 'Lower work_mem or the number of connections, or give the server more memory.',
  },
  { states: /^(40001|40P01|55P03)$/, code: 'ENGINE_SQL', retry: 'again' },
  {
    states: /^42501$/,
    code: 'ENGINE_SQL',
    hint: 'The role of the connection lacks a privilege: ask for it (grant …), or use another role.',
  },
]

/** What a statement was refused for, in our words: the server's message, its place in the text, its hint. */
export function engineError(failure: PostgresFailure, act: string, cause: Error, running: Running): MillraceError {
  const { sqlState, message, detail, where } = failure
  const rule = RULES.find(({ states }) => states.test(sqlState))
  const place = placeOf(failure.position, running.text)
  const at = running.file === undefined ? undefined : { file: running.file, ...place }
  const hint = failure.hint ?? rule?.hint
  const shown = [
    detail === undefined ? '' : ` (${detail})`,
    // Of a COPY it names the line and the column.
    where?.startsWith('COPY') ? `; ${where.split('\n')[0]}` : '',
    place.line === undefined ? '' : ` (line ${place.line}, column ${place.column})`,
  ]
  return new MillraceError(rule?.code ?? 'ENGINE_SQL', `${act}: ${message}${shown.join('')}`, {
    cause,
    retry: rule?.retry ?? 'never',
    data: { engine: 'postgres', sqlState, ...place },
    ...(hint === undefined ? {} : { hint }),
    ...(at === undefined ? {} : { at }),
  })
}

function placeOf(position: number | undefined, text: string | undefined): { line?: number; column?: number } {
  if (position === undefined || text === undefined) return {}
  // Counted in characters, of which one may be two in JavaScript.
  const before = [...text].slice(0, position - 1).join('')
  return { line: before.split('\n').length, column: before.length - before.lastIndexOf('\n') }
}
