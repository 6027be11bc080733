import type { z } from 'zod'

/**
 * A top-level key of millrace.yml. The room that uses it exports its section; app composes them into one
 * schema, so that a file is checked as a whole and unknown keys are refused with a suggestion.
 */
export interface Section<S extends z.ZodType = z.ZodType> {
  readonly key: string
  readonly summary: string
  readonly schema: S
}
