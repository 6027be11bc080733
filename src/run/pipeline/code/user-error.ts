import { relative } from 'node:path'
import { type ErrorCode, type ErrorJson, MillraceError, type Place } from '../../../base/kernel/index.ts'
import { placeInStack } from '../call-site.ts'
import { isLocal } from './module-hooks.ts'

/**
 * What the user's code threw, with the user's file (relative to the project) and line. An error of Millrace's own
 * keeps its code; anything else gets `code` and can be tried again.
 */
export function userError(thrown: unknown, code: ErrorCode, act: string, projectDir: string): MillraceError {
  const stack = thrown instanceof Error ? (thrown.stack ?? '') : ''
  const place = syntaxPlace(stack) ?? placeInStack(stack, (file) => !isLocal(file))
  const at = place && relativePlace(place, projectDir)
  if (thrown instanceof MillraceError) {
    const known = thrown.at ? relativePlace(thrown.at, projectDir) : at
    const json = thrown.toJSON()
    return MillraceError.fromJSON({ ...json, ...(known ? { at: known } : {}) })
  }
  const named = thrown instanceof Error && thrown.name !== 'Error' && !thrown.message.startsWith(thrown.name)
  const said = thrown instanceof Error ? `${named ? `${thrown.name}: ` : ''}${thrown.message}` : String(thrown)
  const nodeCode = (thrown as { code?: unknown } | null)?.code
  return new MillraceError(code, `${act}: ${said}`, {
    retry: 'again',
    ...(at ? { at } : {}),
    ...(nodeCode === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX'
      ? {
          hint: 'Types are stripped, not compiled: write a union or a constant object in place of an enum or namespace.',
        }
      : nodeCode === 'ERR_MODULE_NOT_FOUND'
        ? { hint: 'Relative imports carry their extension, such as "./totals.ts".' }
        : {}),
  })
}

/** A place with its file relative to the project, when it lies inside. */
export function relativePlace(place: Place, projectDir: string): Place {
  const inside = relative(projectDir, place.file)
  return place.file.startsWith('/') && !inside.startsWith('..') ? { ...place, file: inside } : place
}

/** An error that crossed a process, made whole again. */
export function revived(json: ErrorJson): MillraceError {
  return MillraceError.fromJSON(json)
}

/** Node writes the place of a syntax error as the first line of the stack. */
function syntaxPlace(stack: string): Place | undefined {
  const match = /^(?:file:\/\/)?(\/[^\n]*?):(\d+)\n/.exec(stack)
  return match ? { file: match[1] ?? '', line: Number(match[2]) } : undefined
}
