import { formatType, MillraceError } from '../../../../src/base/kernel/index.ts'
import { type Frame, frameOf, type Plan } from '../../../../src/data/frame/index.ts'
import type { Answer, AnswerRow, SparkCase } from './spark-case.ts'

/** What a case's frame answers in the current session, in the form that PySpark's answers are recorded in. */
export async function ownAnswer({ frame, eachRow }: SparkCase): Promise<Answer> {
  try {
    const schema = (await frame.schema()).fields.map((field) => [field.name, formatType(field.type)] as const)
    return { schema, rows: eachRow ? await rowByRow(frame.plan, leafRows(frame.plan)) : await rowsOf(frame, schema) }
  } catch (thrown) {
    return { error: errorText(thrown) }
  }
}

async function rowsOf(frame: Frame, schema?: readonly (readonly [name: string, type: string])[]): Promise<AnswerRow[]> {
  // An object has names that are whole numbers first.
  return (await frame.collect()).map((row) =>
    (schema ? schema.map(([name]) => row[name]) : Object.values(row)).map(plain),
  )
}

async function rowByRow(plan: Plan, rows: readonly (readonly unknown[])[]): Promise<AnswerRow[]> {
  try {
    return await rowsOf(frameOf(onlyRows(plan, rows)))
  } catch (thrown) {
    if (rows.length === 1) return [{ error: errorText(thrown) }]
  }
  const half = Math.floor(rows.length / 2)
  return [...(await rowByRow(plan, rows.slice(0, half))), ...(await rowByRow(plan, rows.slice(half)))]
}

// biome-ignore lint/suspicious/noExplicitAny: rows of a plan are JSON
function onlyRows(plan: Plan, rows: readonly (readonly any[])[]): Plan {
  if (plan.op === 'rows') return { ...plan, rows }
  return 'input' in plan ? { ...plan, input: onlyRows(plan.input, rows) } : plan
}

function leafRows(plan: Plan): readonly (readonly unknown[])[] {
  if (plan.op === 'rows') return plan.rows
  return 'input' in plan ? leafRows(plan.input) : []
}

/** An internal error is no refusal. */
function errorText(thrown: unknown): string {
  if (thrown instanceof MillraceError && thrown.code !== 'INTERNAL') return `${thrown.code}: ${thrown.message}`
  throw thrown
}

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (value instanceof Map) return [...value].map(([key, item]) => [plain(key), plain(item)]).toSorted(byJson)
  if (Array.isArray(value)) return value.map(plain)
  return value !== null && typeof value === 'object' ? Object.values(value).map(plain) : value
}

const byJson = (a: unknown, b: unknown) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)
