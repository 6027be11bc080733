import { MillraceError } from '../../../base/kernel/index.ts'
import type { Expr } from '../expr.ts'
import { durationMicros, windowTimes } from '../functions/date/date-window.ts'
import { literalExpr } from '../literal.ts'
import type { Plan } from '../plan.ts'

type Call = Extract<Expr, { kind: 'call' }>

const call = (fn: string, ...args: Expr[]): Expr => ({ kind: 'call', fn, args })
const column = (name: string): Expr => ({ kind: 'column', name })
const alias = (arg: Expr, name: string): Expr => ({ kind: 'alias', arg, name })
const later = (of: Expr, micros: number): Expr =>
  call('timestamp_add', literalExpr('MICROSECOND'), literalExpr(micros), of)

/** The column that holds a row's window; a name nobody gives. */
const WINDOW = '__time_window'
const [START, END, NEW, ID] = ['start', 'end', 'new', 'id'].map((name) => `__session_${name}`) as [
  string,
  string,
  string,
  string,
]

/**
 * A step with a window of time as a batch computes it (Spark's rules TimeWindowing and SessionWindowing): rows
 * without a time are in no window, a row that is in several windows comes once for each, and sessions are found by
 * the order of the rows of a group. Any other step is given back as it is.
 * @throws MillraceError FRAME_PLAN_INVALID for windows of several kinds in one step
 */
export function expandTimeWindows(plan: Plan): Plan {
  if (plan.op !== 'aggregate' && plan.op !== 'project' && plan.op !== 'withColumns') return plan
  const exprs =
    plan.op === 'aggregate' ? plan.groups : plan.op === 'project' ? plan.columns : plan.columns.map((one) => one.expr)
  const found = [...new Map(exprs.flatMap(windowsIn).map((one) => [JSON.stringify(one), one])).values()]
  const [window, another] = found
  if (window === undefined) return plan
  if (another) {
    throw new MillraceError('FRAME_PLAN_INVALID', 'a step groups by two windows of time', {
      hint: 'Group by one of them, and by the other in a step of its own.',
      ...(plan.at ? { at: plan.at } : {}),
    })
  }
  const [time] = window.args
  if (time === undefined) return plan
  const timed: Plan = { op: 'filter', input: plan.input, condition: call('is_not_null', time) }
  if (window.fn === 'session_window' && plan.op !== 'aggregate') return { ...plan, input: timed }
  const prepared =
    window.fn === 'window'
      ? sliding(timed, window, time)
      : sessions(timed, plan.op === 'aggregate' ? plan.groups : [], window, time)
  const replaced = (expr: Expr): Expr => (prepared === timed ? expr : replace(expr, window))
  if (plan.op === 'aggregate') return { ...plan, input: prepared, groups: plan.groups.map(replaced) }
  if (prepared === timed) return { ...plan, input: timed }
  if (plan.op === 'project' && !plan.columns.some((one) => one.kind === 'star')) {
    return { ...plan, input: prepared, columns: plan.columns.map(replaced) }
  }
  // A helper column would come with the star: the windows stand in their place here, and none can be left out.
  if (prepared.op === 'filter') {
    throw new MillraceError(
      'FRAME_PLAN_INVALID',
      'windows whose duration is no multiple of their slide stand beside "*"',
      {
        hint: 'Select the columns by their names.',
        ...(plan.at ? { at: plan.at } : {}),
      },
    )
  }
  const inPlace = (expr: Expr): Expr => substitute(expr, window, windowsOf(window, time))
  if (plan.op === 'project') return { ...plan, input: timed, columns: plan.columns.map(inPlace) }
  return { ...plan, input: timed, columns: plan.columns.map((one) => ({ ...one, expr: unnamed(inPlace(one.expr)) })) }
}

/** The windows of event time in an expression. */
function windowsIn(expr: Expr): Call[] {
  switch (expr.kind) {
    case 'call':
      return expr.fn === 'window' || expr.fn === 'session_window' ? [expr] : expr.args.flatMap(windowsIn)
    case 'alias':
    case 'cast':
      return windowsIn(expr.arg)
    default:
      return []
  }
}

function substitute(expr: Expr, window: Call, by: Expr): Expr {
  switch (expr.kind) {
    case 'call':
      if (JSON.stringify(expr) === JSON.stringify(window)) return alias(by, window.fn)
      return { ...expr, args: expr.args.map((arg) => unnamed(substitute(arg, window, by))) }
    case 'alias':
      return { ...expr, arg: unnamed(substitute(expr.arg, window, by)) }
    case 'cast':
      return { ...expr, arg: unnamed(substitute(expr.arg, window, by)) }
    default:
      return expr
  }
}
function unnamed(expr: Expr): Expr {
  return expr.kind === 'alias' ? expr.arg : expr
}
function replace(expr: Expr, window: Call): Expr {
  return substitute(expr, window, column(WINDOW))
}

function textOf(expr: Expr | undefined): string | undefined {
  return expr?.kind === 'literal' && typeof expr.value === 'string' ? expr.value : undefined
}

/** A row for each of the windows it is in. */
function sliding(timed: Plan, window: Call, time: Expr): Plan {
  const [, duration = '', slide, start] = window.args.map(textOf)
  const times = windowTimes(duration, slide, start)
  if (times.slide === times.duration) return timed
  const each: Plan = {
    op: 'project',
    input: timed,
    columns: [{ kind: 'star' }, alias(windowsOf(window, time), WINDOW)],
  }
  if (times.duration % times.slide === 0) return each
  // The earliest of the windows may end before the row.
  const end = call('get_field', column(WINDOW), literalExpr('end'))
  return { op: 'filter', input: each, condition: call('lt', later(time, 0), end) }
}

function windowsOf(window: Call, time: Expr): Expr {
  const [, duration = '', slide = duration, start] = window.args.map(textOf)
  const times = windowTimes(duration, slide, start)
  const rest = start === undefined ? [slide] : [slide, slide, start]
  const first = call('get_field', call('window', time, ...rest.map(literalExpr)), literalExpr('start'))
  const windows = Array.from({ length: Math.ceil(times.duration / times.slide) }, (_, i) =>
    call(
      'struct',
      alias(later(first, -i * times.slide), 'start'),
      alias(later(first, times.duration - i * times.slide), 'end'),
    ),
  )
  return call('explode', call('array', ...windows))
}

/** Each row with its session: it begins one where it comes after the end of all that were before it. */
function sessions(timed: Plan, groups: readonly Expr[], window: Call, time: Expr): Plan {
  const gap = durationMicros(textOf(window.args[1]) ?? '')
  const keys = groups.filter((group) => windowsIn(group).length === 0).map(unnamed)
  const over = (fn: Expr, partitionBy: readonly Expr[], end: number): Expr => ({
    kind: 'over',
    fn,
    partitionBy,
    orderBy: [column(START)],
    bounds: { unit: 'rows', start: null, end },
  })
  const whole = (fn: Expr): Expr => ({ kind: 'over', fn, partitionBy: [...keys, column(ID)], orderBy: [] })
  const add = (input: Plan, columns: Readonly<Record<string, Expr>>): Plan => ({
    op: 'withColumns',
    input,
    columns: Object.entries(columns).map(([name, expr]) => ({ name, expr })),
  })
  const ended = call('gt', column(START), over(call('max', column(END)), keys, -1))
  const begun: Expr = {
    kind: 'case',
    branches: [{ when: ended, value: literalExpr(1) }],
    otherwise: literalExpr(0),
  }
  const spans = add(timed, { [START]: later(time, 0), [END]: later(time, gap) })
  const numbered = add(add(spans, { [NEW]: begun }), { [ID]: over(call('sum', column(NEW)), keys, 0) })
  const session = call(
    'struct',
    alias(whole(call('min', column(START))), 'start'),
    alias(whole(call('max', column(END))), 'end'),
  )
  return add(numbered, { [WINDOW]: session })
}
