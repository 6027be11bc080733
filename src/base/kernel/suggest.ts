import { distance } from 'fastest-levenshtein'
import { type ErrorDetails, MillraceError } from './error.ts'
import type { ErrorCode } from './error-codes.ts'

/** The candidates closest to what was written, nearest first; empty when nothing is near. */
export function nearest(written: string, candidates: Iterable<string>, most = 3): string[] {
  const wanted = written.toLowerCase()
  return [...candidates]
    .map((candidate) => ({ candidate, score: distance(wanted, candidate.toLowerCase()) }))
    .filter(({ candidate, score }) => score <= Math.max(2, Math.floor(candidate.length / 3)))
    .sort((a, b) => a.score - b.score)
    .slice(0, most)
    .map(({ candidate }) => candidate)
}

/** An error that says which name is unknown, what was probably meant, and which names there are. */
export function unknownName(
  code: ErrorCode,
  what: string,
  written: string,
  candidates: Iterable<string>,
  details: ErrorDetails = {},
): MillraceError {
  const all = [...candidates]
  const [best] = nearest(written, all, 1)
  const listed = all.length > 20 ? `${all.slice(0, 20).join(', ')}, … (${all.length} in all)` : all.join(', ')
  // A long list would bury the name that was meant.
  const others = best && all.length > 20 ? '' : all.length ? `There are: ${listed}.` : 'There are none.'
  const hint = [best ? `Did you mean "${best}"?` : '', others]
  return new MillraceError(code, `${what} "${written}" does not exist`, {
    hint: hint.filter(Boolean).join(' '),
    ...details,
  })
}
