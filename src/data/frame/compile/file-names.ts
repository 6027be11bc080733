import { MillraceError, type Place } from '../../../base/kernel/index.ts'
import type { Expr } from '../expr.ts'
import type { Plan } from '../plan.ts'

/** The column in which the names of files go from where they are read to where `inputFileName` stands. */
export const FILE_COLUMN = '__input_file_name'

const FUNCTION = 'input_file_name'
const GIVEN: Expr = { kind: 'column', name: FILE_COLUMN }
const NONE: Expr = { kind: 'literal', value: '', type: { kind: 'string' } }

/**
 * A plan in which `inputFileName()` is a column that the reading step below gives. Where a row is of no file (of a
 * group, of rows of the program) it is an empty text, as in Spark.
 * @throws MillraceError FRAME_PLAN_INVALID above a join, where rows come from several sources, as in Spark
 */
export function withFileNames(plan: Plan): Plan {
  const below = named(plan)
  if (!('input' in below) || !usesFileNames(below)) return below
  const { input, ...step } = below
  const carried = carrying(input, below.at)
  const made = { ...given(step, carried ? GIVEN : NONE), input: carried ?? input } as Plan
  return carried ? { op: 'drop', input: made, columns: [FILE_COLUMN] } : made
}

/** The same for the steps below; the plan itself where they stay as they are. */
function named(plan: Plan): Plan {
  if ('input' in plan) {
    const input = withFileNames(plan.input)
    return input === plan.input ? plan : { ...plan, input }
  }
  if ('left' in plan) {
    const [left, right] = [withFileNames(plan.left), withFileNames(plan.right)]
    return left === plan.left && right === plan.right ? plan : { ...plan, left, right }
  }
  return plan
}

/** Whether an expression of the step itself names the file. */
function usesFileNames(plan: Extract<Plan, { input: Plan }>): boolean {
  const { input: _, ...step } = plan
  return JSON.stringify(step).includes(`"fn":"${FUNCTION}"`)
}

/** The rows of a plan with the column of their files; undefined where they are of none. */
function carrying(plan: Plan, at: Place | undefined): Plan | undefined {
  switch (plan.op) {
    case 'read':
      return plan.ipc === undefined ? { ...plan, fileColumn: FILE_COLUMN } : undefined
    case 'filter':
    case 'alias':
    case 'withColumns':
    case 'rename':
    case 'drop':
    case 'engineSemantics':
    case 'watermark': {
      const input = carrying(plan.input, at)
      return input && { ...plan, input }
    }
    case 'project': {
      const input = carrying(plan.input, at)
      const isAll = plan.columns.some((column) => column.kind === 'star' && column.of === undefined)
      if (!input || isAll) return input && { ...plan, input }
      return { ...plan, input, columns: [...plan.columns, GIVEN] }
    }
    case 'set': {
      if (plan.how !== 'union') return undefined
      const [left, right] = [carrying(plan.left, at), carrying(plan.right, at)]
      if (!left && !right) return undefined
      return { ...plan, left: atTheEnd(left, plan.left), right: atTheEnd(right, plan.right) }
    }
    case 'join':
      throw refused('above a join, whose rows come from several sources', at)
    // As in Spark, which forgets the file where it moves rows.
    case 'rows':
    case 'range':
    case 'aggregate':
    case 'distinct':
    case 'sort':
    case 'limit':
    case 'cache':
    case 'summary':
    case 'transpose':
      return undefined
    default:
      throw refused(`above the step ${plan.op}`, at)
  }
}

/** A side of a union with the column of files as its last one. */
function atTheEnd(carried: Plan | undefined, plain: Plan): Plan {
  const last = `${FILE_COLUMN}_`
  const added: Plan = {
    op: 'withColumns',
    input: carried ?? plain,
    columns: [{ name: last, expr: carried ? GIVEN : NONE }],
  }
  return { op: 'rename', input: { op: 'drop', input: added, columns: [FILE_COLUMN] }, names: { [last]: FILE_COLUMN } }
}

function refused(what: string, at: Place | undefined): MillraceError {
  return new MillraceError('FRAME_PLAN_INVALID', `inputFileName() ${what}`, {
    hint: 'Take it right behind the reading: read.parquet(…).withColumn("file", inputFileName()).',
    ...(at ? { at } : {}),
  })
}

/** A step whose calls have the address as their argument. */
function given(step: object, address: Expr): object {
  const change = (of: unknown): unknown => {
    if (typeof of !== 'object' || of === null) return of
    if (Array.isArray(of)) return of.map(change)
    if ('kind' in of && of.kind === 'literal') return of
    if ('kind' in of && of.kind === 'call' && 'fn' in of && of.fn === FUNCTION) return { ...of, args: [address] }
    return Object.fromEntries(Object.entries(of).map(([key, item]) => [key, change(item)]))
  }
  return change(step) as object
}
