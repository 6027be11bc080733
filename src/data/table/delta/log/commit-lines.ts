import { MillraceError } from '../../../../base/kernel/index.ts'
import { type Action, actionOf } from '../actions.ts'

/**
 * The actions of a commit file (newline-delimited JSON).
 * @throws MillraceError DELTA_LOG_CORRUPT with file and line
 */
export function parseCommit(text: string, file: string): Action[] {
  const actions: Action[] = []
  for (const { kind, body, at } of commitMembers(text, file)) {
    const action = actionOf(kind, body, at)
    if (action) actions.push(action)
  }
  return actions
}

/**
 * The lines of a commit file, or of a v2 checkpoint in JSON, as they stand: those too that change no snapshot.
 * @throws MillraceError DELTA_LOG_CORRUPT with file and line
 */
export function* commitMembers(
  text: string,
  file: string,
): Generator<{ readonly kind: string; readonly body: object; readonly at: { file: string; line: number } }> {
  for (const { line, parsed } of jsonLines(text, file)) {
    const at = { file, line }
    for (const [kind, body] of Object.entries(parsed ?? {})) {
      if (body && typeof body === 'object') yield { kind, body, at }
    }
  }
}

function* jsonLines(text: string, file: string): Generator<{ readonly line: number; readonly parsed: unknown }> {
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    try {
      yield { line: index + 1, parsed: JSON.parse(line) as unknown }
    } catch (cause) {
      // Whole objects over several lines: no writer's work but a formatter's; deltalake reads it too.
      const objects = index === 0 ? laidOutObjects(text) : undefined
      if (!objects) {
        throw new MillraceError('DELTA_LOG_CORRUPT', 'reading the Delta log: a line is not JSON', {
          cause,
          at: { file, line: index + 1 },
          hint: 'The commit file is damaged; restore it from a backup.',
        })
      }
      yield* objects
      return
    }
  }
}

/** The objects of a text in which each begins and ends with a brace alone on its line; undefined when it is no such text. */
function laidOutObjects(text: string): { readonly line: number; readonly parsed: unknown }[] | undefined {
  const objects: { readonly line: number; readonly parsed: unknown }[] = []
  let lines: string[] = []
  for (const [index, line] of text.split('\n').entries()) {
    if (lines.length === 0 && line.trim() === '') continue
    lines.push(line)
    if (line.trimEnd() !== '}') continue
    try {
      objects.push({ line: index + 2 - lines.length, parsed: JSON.parse(lines.join('\n')) })
    } catch {
      return undefined
    }
    lines = []
  }
  return lines.length === 0 ? objects : undefined
}

/** The text of a commit file; the inverse of `parseCommit`. */
export function formatCommit(actions: readonly Action[]): string {
  return actions.map(({ kind, ...body }) => `${JSON.stringify({ [kind]: body })}\n`).join('')
}
