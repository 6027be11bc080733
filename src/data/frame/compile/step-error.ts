import { MillraceError } from '../../../base/kernel/index.ts'
import type { Plan } from '../plan.ts'

/** Errors that say already in which step they happened. */
const told = new WeakSet<MillraceError>()

/** What compiles a step; its errors name the step's method and the line that called it. */
export function inStep<T>(step: Plan, compiled: () => T): T {
  try {
    return compiled()
  } catch (thrown) {
    throw thrown instanceof MillraceError && thrown.code !== 'INTERNAL' ? ofStep(thrown, step) : thrown
  }
}

/** The error with the method and the line of the step it happened in. */
export function ofStep(error: MillraceError, step: Plan): MillraceError {
  if (told.has(error)) return error
  const method = methodOf(step)
  const known = method === undefined || error.message.startsWith(method) ? error.message : `${method}: ${error.message}`
  const at = error.at ?? step.at
  const made = new MillraceError(error.code, known, {
    cause: error.cause,
    retry: error.retry,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    ...(error.data === undefined ? {} : { data: error.data }),
    ...(at ? { at } : {}),
  })
  told.add(made)
  return made
}

/** The method of a frame that makes a step; undefined for what is read. */
function methodOf(step: Plan): string | undefined {
  switch (step.op) {
    case 'project':
      return 'select'
    case 'withColumns':
      return step.columns.length === 1 ? 'withColumn' : 'withColumns'
    case 'rename':
      return 'withColumnRenamed'
    case 'aggregate':
      return step.groups.length === 0 ? 'agg' : step.sets ? 'rollup' : step.pivot ? 'pivot' : 'groupBy'
    case 'sort':
      return 'orderBy'
    case 'distinct':
      return step.on ? 'dropDuplicates' : 'distinct'
    case 'set':
      if (step.how === 'union') return step.byName ? 'unionByName' : 'union'
      if (step.how === 'intersect') return step.all ? 'intersectAll' : 'intersect'
      return step.all ? 'exceptAll' : 'subtract'
    case 'na':
      return `na.${step.how}`
    case 'summary':
      return 'summary'
    case 'filter':
    case 'drop':
    case 'join':
    case 'limit':
    case 'sample':
    case 'toDF':
    case 'unpivot':
    case 'alias':
      return step.op
    default:
      return undefined
  }
}
