import { asMillraceError, type ErrorCode, MillraceError, type Place } from '../../kernel/index.ts'
import { PythonError, type PythonErrorKind } from '../python/python-error.ts'
import { positionOf, type Source } from '../syntax/source.ts'
import { MacroReturn } from './macro.ts'

/** One level of templates and macros that an error went through, innermost first. */
export interface TemplateFrame extends Place {
  /** Absent for the template itself; empty for the body of a call block. */
  readonly macro?: string
}

const CODES: Partial<Record<PythonErrorKind, ErrorCode>> = {
  UndefinedError: 'JINJA_UNDEFINED',
  TypeError: 'JINJA_TYPE',
}

const stacks = new WeakMap<MillraceError, TemplateFrame[]>()

/** The macros an error of a template came through, innermost first; empty for other errors. */
export function templateStack(error: unknown): readonly TemplateFrame[] {
  return error instanceof MillraceError ? (stacks.get(error) ?? []) : []
}

/**
 * What a frame throws on when something was thrown inside it: the first frame gives the error its place, the outer
 * ones add themselves to its stack. Errors of the host keep their code.
 */
export function fail(thrown: unknown, template: { readonly source: Source }, at: number, macro?: string): unknown {
  if (thrown instanceof MacroReturn) return thrown
  const place = { file: template.source.file, ...positionOf(template.source, at) }
  const frame: TemplateFrame = { ...place, ...(macro === undefined ? {} : { macro }) }
  const known = thrown instanceof MillraceError ? stacks.get(thrown) : undefined
  if (known) {
    known.push(frame)
    return placed(thrown as MillraceError, known, template.source.internal ? undefined : place)
  }
  const stack = [frame]
  const error = toMillraceError(thrown, place, stack, macro)
  stacks.set(error, stack)
  if (template.source.internal) unplaced.add(error)
  return error
}

/** Errors that have come through templates of the host alone so far. */
const unplaced = new WeakSet<MillraceError>()

/** The error at the innermost place that is the user's. */
function placed(error: MillraceError, stack: TemplateFrame[], place: Place | undefined): MillraceError {
  if (!place || !unplaced.has(error)) return error
  const moved = new MillraceError(error.code, error.message, {
    at: place,
    retry: error.retry,
    ...(error.data === undefined ? {} : { data: error.data }),
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    ...(error.cause === undefined ? {} : { cause: error.cause }),
  })
  stacks.set(moved, stack)
  return moved
}

function toMillraceError(
  thrown: unknown,
  place: Place,
  stack: readonly TemplateFrame[],
  macro: string | undefined,
): MillraceError {
  const what = macro ? `rendering macro ${macro}` : 'rendering the template'
  if (thrown instanceof PythonError) {
    const named = thrown.kind === 'KeyError' || thrown.kind === 'ValueError' ? `${thrown.kind}: ` : ''
    return new MillraceError(CODES[thrown.kind] ?? 'JINJA_RUNTIME', `${what}: ${named}${thrown.message}`, {
      at: place,
      data: { python: thrown.kind, stack },
    })
  }
  if (thrown instanceof RangeError && thrown.message.includes('call stack')) {
    return new MillraceError('JINJA_RUNTIME', `${what}: maximum recursion depth exceeded`, {
      at: place,
      data: { python: 'RecursionError', stack },
      hint: 'A macro calls itself without an end.',
    })
  }
  const error = asMillraceError(thrown, 'JINJA_RUNTIME', { at: place })
  return new MillraceError(error.code, error.message, {
    at: error.at ?? place,
    retry: error.retry,
    data: { ...error.data, stack },
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    ...(error.cause === undefined ? {} : { cause: error.cause }),
  })
}
