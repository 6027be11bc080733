/** The Python exceptions that templates can provoke. `UndefinedError` is Jinja's. */
export type PythonErrorKind =
  | 'TypeError'
  | 'ValueError'
  | 'KeyError'
  | 'IndexError'
  | 'AttributeError'
  | 'LookupError'
  | 'ZeroDivisionError'
  | 'OverflowError'
  | 'UndefinedError'
  | 'TemplateRuntimeError'
  | 'TemplateNotFound'

/**
 * What Python would have raised, without a place: the frame it passes through knows file and position and makes the
 * `MillraceError` of it. It never leaves the room.
 */
export class PythonError extends Error {
  readonly kind: PythonErrorKind

  constructor(kind: PythonErrorKind, message: string) {
    super(message)
    this.name = kind
    this.kind = kind
  }
}

/** A `TypeError` as Python words it. */
export function typeError(message: string): PythonError {
  return new PythonError('TypeError', message)
}
