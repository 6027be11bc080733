import { MillraceError, nearest } from '../../base/kernel/index.ts'
import { ofStep } from './compile/step-error.ts'
import { FUNCTIONS } from './functions/index.ts'
import { childrenOf, type Plan } from './plan.ts'

/** What engines say of SQL text, and what that is: the word it is about is found in the user's texts. */
const COMPLAINTS = [
  {
    code: 'FUNCTION_UNKNOWN',
    said: /Function with name "?(\w+)"? does not exist|function (\w+)\([^)]*\) does not exist/i,
  },
  { code: 'COLUMN_UNKNOWN', said: /column "?([^"\s]+)"? (?:not found in FROM clause|does not exist)/i },
  { code: 'FRAME_PLAN_INVALID', said: /column "?([^"\s]+)"? must appear in the GROUP BY clause/i },
  {
    code: 'FRAME_PLAN_INVALID',
    said: /(aggregates?|window functions?) (?:functions? )?(?:are not allowed in|cannot contain) WHERE/i,
  },
  { code: undefined, said: /syntax error at or near "([^"]+)"/i },
] as const

/** An engine's complaint about SQL text of the user's, with the code that it has elsewhere, the step and its line. */
export function textError(thrown: unknown, plan: Plan): unknown {
  if (!(thrown instanceof MillraceError) || thrown.code !== 'ENGINE_SQL') return thrown
  const texts = textsOf(plan)
  if (texts.length === 0) return thrown
  for (const { code, said } of COMPLAINTS) {
    const found = said.exec(thrown.message)
    const word = found?.[1] ?? found?.[2]
    if (word === undefined) continue
    const step = texts.find(({ text }) => text.toLowerCase().includes(word.toLowerCase()))?.step ?? onlyStep(texts)
    if (step === undefined) return thrown
    if (code === undefined) return ofStep(thrown, step)
    const hint = code === 'FUNCTION_UNKNOWN' ? functionHint(word) : thrown.hint
    const message = code === 'FUNCTION_UNKNOWN' ? `the function "${word}" does not exist` : firstLine(thrown.message)
    const made = new MillraceError(code, message, { cause: thrown, ...(hint === undefined ? {} : { hint }) })
    return ofStep(made, step)
  }
  const step = onlyStep(texts)
  return step ? ofStep(thrown, step) : thrown
}

interface Text {
  readonly step: Plan
  readonly text: string
}

/** SQL text in a plan, with the steps it stands in. */
function textsOf(plan: Plan): Text[] {
  const inner = childrenOf(plan).flatMap(textsOf)
  if (plan.op === 'sql') return [...inner, { step: plan, text: plan.text }]
  const own: string[] = []
  const { input: _input, left: _left, right: _right, ...rest } = plan as unknown as Record<string, unknown>
  collect(rest, own)
  return own.length === 0 ? inner : [...inner, { step: plan, text: own.join(' ') }]
}

function collect(value: unknown, texts: string[]): void {
  if (typeof value !== 'object' || value === null) return
  if ('kind' in value && value.kind === 'sql' && 'parts' in value && Array.isArray(value.parts)) {
    texts.push(...value.parts.filter((part): part is string => typeof part === 'string'))
  }
  for (const one of Object.values(value)) collect(one, texts)
}

function onlyStep(texts: readonly Text[]): Plan | undefined {
  return texts.length === 1 ? texts[0]?.step : undefined
}

function functionHint(word: string): string {
  const near = nearest(word, FUNCTIONS.keys())
  return near.length > 0 ? `Did you mean ${near.join(' or ')}?` : 'Look it up in the reference of functions.'
}

/** What the engine says, without the place in a statement that the user has not written. */
function firstLine(message: string): string {
  const line = message.split('\n')[0] ?? message
  return line.slice(line.indexOf('Error: ') >= 0 ? line.indexOf('Error: ') + 7 : 0).replace(/ \(line \d+\)$/, '')
}
