import { type ErrorCode, type ErrorDetails, MillraceError } from '../kernel/index.ts'
import type { SqlErrorMaker } from '../postgres/index.ts'

/** Conditions by the beginning of their code (PostgreSQL, appendix A); the first that fits counts. */
const CAUSES: readonly (readonly [string, ErrorCode, ErrorDetails])[] = [
  ['23', 'STATE_CONSTRAINT', {}],
  [
    '53100',
    'STORE_FULL',
    { hint: 'Free some space on the disk of the server, then run the same again.', retry: 'again' },
  ],
  ['42501', 'STORE_DENIED', { hint: 'Give the user of this connection the right to the schema, or to create it.' }],
  ['25006', 'STORE_DENIED', { hint: 'The server takes no writes: it is a standby, or set to be read only.' }],
  ['XX00', 'STATE_CORRUPT', { hint: 'Restore the database from a backup; look at the log of the server.' }],
  ['40', 'STATE_BUSY', { hint: 'Another transaction stood in the way; run the same again.', retry: 'again' }],
  [
    '55P03',
    'STATE_BUSY',
    {
      hint: 'Another process is writing for too long: wait for it, or stop it if it hangs (pg_stat_activity shows it).',
      retry: 'again',
    },
  ],
]

/** A refused statement of the metadata database. */
export const stateSqlError: SqlErrorMaker = ({ sqlState, message }, act, cause) => {
  const [, code, details] = CAUSES.find(([start]) => sqlState.startsWith(start)) ?? ['', 'INTERNAL' as const, {}]
  return new MillraceError(code, `${act}: ${message}`, { ...details, cause, data: { sqlState } })
}
