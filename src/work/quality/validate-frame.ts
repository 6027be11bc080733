import { sql } from '../../base/sql/index.ts'
import { type Frame, type Plan, withQuery } from '../../data/frame/index.ts'
import type { ValidationResult } from './result.ts'
import type { Suite } from './suite.ts'
import { type ValidateOptions, validate } from './validate.ts'

/** What a frame is validated with beside the suite. */
export type FrameValidation = Pick<
  ValidateOptions,
  'own' | 'parameters' | 'resultFormat' | 'takeRows' | 'dataset' | 'signal'
>

/**
 * Validates the rows of a frame, or of its plan, where they are computed, in the frame's session: nothing is written.
 * @throws MillraceError what the frame's plan, or the engine, is refused with
 */
export async function validateFrame(
  data: Frame | { readonly plan: Plan },
  suite: Suite,
  options: FrameValidation = {},
): Promise<ValidationResult> {
  return withQuery(data.plan, async (query, connection) =>
    validate({ ...options, connection, suite, relation: sql`(${query}) as frame` }),
  )
}
